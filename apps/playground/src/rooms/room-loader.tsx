import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Room, RoomProps } from "./room.js";

interface RoomLoaderProps extends RoomProps {
  readonly room: Room;
  /** Called once the room is on the page. */
  readonly onShown: () => void;
}

/** Shows a room once its code has been fetched. */
export function RoomLoader({ room, onShown, ...props }: RoomLoaderProps): JSX.Element {
  const [View, setView] = useState<ComponentType<RoomProps>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = !failed;
    if (!failed) {
      room.load().then(
        (loaded) => current && setView(() => loaded),
        () => current && setFailed(true),
      );
    }
    return () => {
      current = false;
    };
  }, [room, failed]);
  useEffect(() => {
    if (View !== undefined) onShown();
  }, [View]);
  if (View !== undefined) return <View {...props} />;
  return (
    <div class="room" aria-busy={!failed}>
      {failed ? (
        <div class="waiting" role="alert">
          <p>The code of this room could not be fetched. Check the connection.</p>
          <button type="button" class="plain-button" onClick={() => setFailed(false)}>
            Try again
          </button>
        </div>
      ) : (
        <p class="waiting" role="status">
          Loading the room …
        </p>
      )}
    </div>
  );
}
