import type { JSX } from "preact";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { EncodingPanel } from "./encoding-panel.js";
import { MatrixPanel } from "./matrix-panel.js";
import { PositionControls } from "./position-controls.js";
import { positionLink } from "./settings.js";
import { SimilarityPanel } from "./similarity-panel.js";
import type { PositionState } from "./state.js";

/** Positional encodings. */
export function PositionsBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state: PositionState = usePictureState(rest, positionLink, async (settings) => (await compute.calls).blocks.positions(settings));
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Positional encodings</h1>
        <p>
          Attention itself does not depend on the order of the tokens. There are several ways to add it: add a <em>sinusoid</em> to each
          token, <em>rotate</em> queries and keys by an angle, lower the scores by the <em>distance</em>, or learn a bias for each{" "}
          <em>bucket</em> of distances.
        </p>
      </div>
      <PositionControls state={state} block={block} choose={choose} />
      <PositionPanels state={state} />
    </RoomFrame>
  );
}

function PositionPanels({ state }: { readonly state: PositionState }): JSX.Element {
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  return (
    <div class="room-panels">
      <EncodingPanel drawn={drawn} />
      <SimilarityPanel key={drawn.picture.encoding} picture={drawn.picture} />
      <MatrixPanel picture={drawn.picture} />
    </div>
  );
}
