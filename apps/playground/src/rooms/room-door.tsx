import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Room, RoomProps } from "./room.js";

/** A room, once its code is there. */
export function RoomDoor({ room, ...props }: RoomProps & { readonly room: Room }): JSX.Element {
  const [View, setView] = useState<ComponentType<RoomProps>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let wanted = true;
    room.load().then(
      (loaded) => wanted && setView(() => loaded),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [room]);
  if (View !== undefined) return <View {...props} />;
  return (
    <div class="room" aria-busy={!failed}>
      <p class="waiting" role={failed ? "alert" : "status"}>
        {failed ? "This room could not be fetched. Reload the page to try again." : "Fetching the room …"}
      </p>
    </div>
  );
}
