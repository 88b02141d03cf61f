import type { JSX } from "preact";
import { CostLine } from "../../../ui/cost-line.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { EncodingPanel } from "./encoding-panel.js";
import { MatrixPanel } from "./matrix-panel.js";
import { PositionControls } from "./position-controls.js";
import { encodingQuestions, similarityQuestions } from "./questions.js";
import { encodingNames, positionLink } from "./settings.js";
import { SimilarityPanel } from "./similarity-panel.js";
import type { PositionState } from "./state.js";

/** Positional encodings to play with. */
export function PositionsBlock({ compute, exports, ...rest }: BlockProps): JSX.Element {
  const state: PositionState = usePictureState(rest, positionLink, async (settings) => (await compute.calls).blocks.positions(settings));
  return (
    <RoomFrame busy={state.busy}>
      <PositionControls state={state} />
      <PositionPanels state={state} exports={exports} />
    </RoomFrame>
  );
}

interface PositionPanelsProps extends Pick<BlockProps, "exports"> {
  readonly state: PositionState;
}

function PositionPanels({ state, exports }: PositionPanelsProps): JSX.Element {
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const { picture, settings } = drawn;
  const saving = { exports, subject: encodingNames[settings.encoding] };
  return (
    <div class="room-panels block-panels">
      <EncodingPanel picture={picture} saving={saving} question={encodingQuestions[settings.encoding]} />
      <SimilarityPanel key={picture.encoding} picture={picture} question={similarityQuestions[settings.encoding]} />
      <MatrixPanel picture={picture} saving={saving}>
        <CostLine
          what={`${picture.relations.length} × ${picture.length} × ${picture.length} numbers`}
          milliseconds={picture.milliseconds}
          liveTensors={picture.liveTensors}
        />
      </MatrixPanel>
    </div>
  );
}
