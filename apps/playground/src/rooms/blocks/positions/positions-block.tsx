import type { JSX } from "preact";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { useAsked } from "../../use-asked.js";
import type { BlockProps } from "../block-props.js";
import { EncodingPanel } from "./encoding-panel.js";
import { MatrixPanel } from "./matrix-panel.js";
import { PositionControls } from "./position-controls.js";
import { positionLink } from "./settings.js";
import { SimilarityPanel } from "./similarity-panel.js";
import type { PositionState } from "./state.js";

/** How a model knows where a token stands. */
export function PositionsBlock({ compute, block, choose, ...rest }: BlockProps): JSX.Element {
  const state: PositionState = useAsked(rest, positionLink, async (settings) => (await compute.calls).blocksPositions(settings));
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Where a token stands</h1>
        <p>
          Attention compares every two tokens and does not see their order. Four ways to tell it: add a <em>sinusoid</em> to each token,
          turn queries and keys by their <em>rotary</em> angle, lower the scores by <em>distance</em>, or learn a bias for each{" "}
          <em>bucket</em> of distances.
        </p>
      </div>
      <PositionControls state={state} block={block} choose={choose} />
      <PositionPanels state={state} />
    </RoomFrame>
  );
}

function PositionPanels({ state }: { readonly state: PositionState }): JSX.Element {
  const answer = state.answer.value;
  if (answer === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  return (
    <div class="room-panels">
      <EncodingPanel answer={answer} />
      <SimilarityPanel key={answer.picture.encoding} picture={answer.picture} />
      <MatrixPanel picture={answer.picture} />
    </div>
  );
}
