import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomProps } from "../room.js";
import { RoomFrame, Waiting } from "../room-frame.js";
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

/** With more keys the large map takes the whole width. */
const mostKeysBeside = 18;

/** Attention: who looks at whom, under which mask, and where each number comes from. */
export function AttentionRoom({ compute, parameters, note }: RoomProps): JSX.Element {
  const [state] = useState(() => new RoomState(compute, readLink(parameters)));
  const arrived = useRef(parameters);
  useEffect(() => state.noteTo(note), [state]);
  useEffect(() => () => void state.leave().catch(() => undefined), [state]); // a worker that died keeps nothing
  useEffect(() => {
    if (arrived.current !== parameters) state.follow(readLink(parameters));
    arrived.current = parameters;
  }, [state, parameters]);
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Who looks at whom</h1>
        <p>
          Attention lets every token gather information from the others. A <em>query</em> asks what a token is looking for, a <em>key</em>{" "}
          says what a token represents, and their agreement decides how much of its <em>value</em> is passed on. Freshly drawn heads show
          the mechanism itself; those of a trained model show what it has learned to look for.
        </p>
      </div>
      <Controls state={state} />
      <RoomPanels state={state} />
    </RoomFrame>
  );
}

function RoomPanels({ state }: { readonly state: RoomState }): JSX.Element {
  const picture = state.picture.value;
  if (picture === undefined) return <Waiting failed={state.failure.value !== undefined} />;
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
