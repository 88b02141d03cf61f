import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

interface RoomFrameProps {
  readonly busy: ReadonlySignal<boolean>;
  readonly children: ComponentChildren;
}

/** The container of a room. It takes the signal, so that the panels do not render again when a request starts or ends. */
export function RoomFrame({ busy, children }: RoomFrameProps): JSX.Element {
  return (
    <div class="room" aria-busy={busy}>
      {children}
    </div>
  );
}

/** Shown until the first picture is ready. */
export function Waiting({ failed }: { readonly failed: boolean }): JSX.Element {
  return (
    <p class="waiting">{failed ? "There is no picture yet. The message beside the settings says why." : "Computing the first picture …"}</p>
  );
}
