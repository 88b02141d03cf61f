import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RoomProps } from "../room.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import { useFollowedLink } from "../use-followed-link.js";
import { AttentionState } from "./attention-state.js";
import { CellOrigin } from "./cell-origin.js";
import { CellTooltip } from "./cell-tooltip.js";
import { ChecksPanel } from "./checks-panel.js";
import { CodePanel } from "./code-panel.js";
import { Controls } from "./controls.js";
import { HeadCloseUp } from "./head-close-up.js";
import { HeadGallery } from "./head-gallery.js";
import { readLink } from "./link.js";
import { NumbersPanel } from "./numbers-panel.js";
import { TopKeysPanel } from "./top-keys-panel.js";

/** With more keys than this the large map takes the full width. */
const maxKeysBeside = 18;

/** Attention: which tokens attend to which, under which mask, and how each weight is computed. */
export function AttentionRoom({ compute, parameters, saveLink }: RoomProps): JSX.Element {
  const [state] = useState(() => new AttentionState(compute, readLink(parameters)));
  useEffect(() => state.saveLink(saveLink), [state]);
  useEffect(() => () => void state.leave().catch(() => undefined), [state]); // a worker that has crashed holds nothing
  useFollowedLink(parameters, () => state.follow(readLink(parameters)));
  return (
    <RoomFrame busy={state.pictureState.busy}>
      <div class="room-intro">
        <h1>What attention looks at</h1>
        <p>
          Attention lets every token gather information from other tokens. A <em>query</em> describes what a token is looking for, a{" "}
          <em>key</em> describes what a token offers, and their dot product decides how much of the token's <em>value</em> is passed on.
          Random weights show how the mechanism works; the weights of a trained model show what it has learned to look for.
        </p>
      </div>
      <Controls state={state} />
      <RoomPanels state={state} />
    </RoomFrame>
  );
}

function RoomPanels({ state }: { readonly state: AttentionState }): JSX.Element {
  const picture = state.picture.value;
  if (picture === undefined) return <Waiting failed={state.pictureState.failure.value !== undefined} />;
  return (
    <div class="room-panels">
      <HeadGallery state={state} picture={picture} />
      <div class={picture.keyTokens.length > maxKeysBeside ? "stacked" : "pair"}>
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
