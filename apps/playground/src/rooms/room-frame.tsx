import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

interface RoomFrameProps {
  readonly busy: ReadonlySignal<boolean>;
  readonly children: ComponentChildren;
}

/** A room's edge; it is handed the signal itself, so that a request that starts or ends draws nothing again. */
export function RoomFrame({ busy, children }: RoomFrameProps): JSX.Element {
  return (
    <div class="room" aria-busy={busy}>
      {children}
    </div>
  );
}

/** In place of the panels, until there is a picture. */
export function Waiting({ failed }: { readonly failed: boolean }): JSX.Element {
  return (
    <p class="waiting">
      {failed ? "There is no picture yet: something above has to change first." : "Starting the backend and drawing the first picture …"}
    </p>
  );
}
