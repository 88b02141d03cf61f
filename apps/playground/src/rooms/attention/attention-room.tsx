import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Room, RoomProps } from "../room.js";
import { CellOrigin } from "./cell-origin.js";
import { CellTooltip } from "./cell-tooltip.js";
import { ChecksPanel } from "./checks-panel.js";
import { CodePanel } from "./code-panel.js";
import { Controls } from "./controls.js";
import { HeadCloseUp } from "./head-close-up.js";
import { HeadGallery } from "./head-gallery.js";
import { readLink } from "./link.js";
import { NumbersPanel } from "./numbers-panel.js";
import { RoomState } from "./room-state.js";
import { TopKeysPanel } from "./top-keys-panel.js";

/** Attention: who looks at whom, under which mask, and where each number comes from. */
export const attentionRoom: Room = { id: "attention", title: "Attention", View: AttentionRoomView };

/** With more keys the large map takes the whole width. */
const mostKeysBeside = 18;

function AttentionRoomView({ compute, parameters, note }: RoomProps): JSX.Element {
  const [state] = useState(() => new RoomState(compute, readLink(parameters)));
  const arrived = useRef(parameters);
  useEffect(() => state.noteTo(note), [state]);
  useEffect(() => {
    if (arrived.current !== parameters) state.follow(readLink(parameters));
    arrived.current = parameters;
  }, [state, parameters]);
  return (
    <RoomFrame state={state}>
      <div class="room-intro">
        <h1>Who looks at whom</h1>
        <p>
          Attention lets every token gather information from the others. A <em>query</em> asks what a token is looking for, a <em>key</em>{" "}
          says what a token represents, and their agreement decides how much of its <em>value</em> is passed on. The heads here are freshly
          drawn, not trained: what you see is the mechanism itself.
        </p>
      </div>
      <Controls state={state} />
      <RoomPanels state={state} />
    </RoomFrame>
  );
}

/** Apart from its contents, so that a request that starts or ends does not draw them all again. */
function RoomFrame({ state, children }: { readonly state: RoomState; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="room" aria-busy={state.busy.value}>
      {children}
    </div>
  );
}

function RoomPanels({ state }: { readonly state: RoomState }): JSX.Element {
  const picture = state.picture.value;
  if (picture === undefined) return <Waiting state={state} />;
  return (
    <div class="room-panels">
      <HeadGallery state={state} picture={picture} />
      <div class={picture.keyTokens.length > mostKeysBeside ? "stacked" : "pair"}>
        <HeadCloseUp state={state} picture={picture} />
        <CellOrigin state={state} picture={picture} />
      </div>
      <div class="pair">
        <NumbersPanel state={state} picture={picture} />
        <TopKeysPanel state={state} picture={picture} />
      </div>
      <ChecksPanel picture={picture} />
      <CodePanel picture={picture} />
      <CellTooltip state={state} picture={picture} />
    </div>
  );
}

function Waiting({ state }: { readonly state: RoomState }): JSX.Element {
  const failed = state.failure.value !== undefined;
  return (
    <p class="waiting">
      {failed ? "There is no picture yet: something above has to change first." : "Starting the backend and drawing the first picture …"}
    </p>
  );
}
