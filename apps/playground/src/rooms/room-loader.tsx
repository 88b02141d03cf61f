import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Room, RoomProps } from "./room.js";

/** Shows a room once its code has been fetched. */
export function RoomLoader({ room, ...props }: RoomProps & { readonly room: Room }): JSX.Element {
  const [View, setView] = useState<ComponentType<RoomProps>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    room.load().then(
      (loaded) => current && setView(() => loaded),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [room]);
  if (View !== undefined) return <View {...props} />;
  return (
    <div class="room" aria-busy={!failed}>
      <p class="waiting" role={failed ? "alert" : "status"}>
        {failed ? "This room could not be loaded. Reload the page to try again." : "Loading the room …"}
      </p>
    </div>
  );
}
