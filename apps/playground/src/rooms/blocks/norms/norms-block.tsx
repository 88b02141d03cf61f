import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { CostLine } from "../../../ui/cost-line.js";
import type { PictureState } from "../../picture-state.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { HistogramPanel } from "./histogram-panel.js";
import { NormControls } from "./norm-controls.js";
import type { NormPicture } from "./picture.js";
import { type NormSettings, normLink } from "./settings.js";
import { StagesPanel } from "./stages-panel.js";
import { StatisticsPanel } from "./statistics-panel.js";

const questions = {
  histogram: {
    question: "Switch “One outlier dimension” on. What becomes of the other numbers after the norms, and why?",
    answer:
      "They become smaller. Both norms divide all numbers of a token by one number, the standard deviation or the root mean square, and the outlier makes it larger.",
  },
  statistics: {
    question: "Set “Then add” to 0, and “Multiply by” to 10. Which of the three columns changes when you multiply?",
    answer:
      "Only the first. The standard deviation and the root mean square become ten times as large too, so the division takes the factor out.",
  },
  stages: {
    question: "Set “Then add” to 10. At which stage are the tokens easiest to tell apart?",
    answer:
      "After LayerNorm: it subtracts the mean, and with it the 10 that all tokens have. RMSNorm keeps it, so all its numbers are near 1, and the differences between tokens are small beside it.",
  },
};

/** LayerNorm and RMSNorm, to play with. */
export function NormsBlock({ compute, exports, ...rest }: BlockProps): JSX.Element {
  const state = usePictureState(rest, normLink, async (settings: NormSettings) => (await compute.calls).blocks.norms(settings));
  return (
    <RoomFrame busy={state.busy}>
      <NormControls state={state} />
      <NormPanels state={state} exports={exports} />
    </RoomFrame>
  );
}

interface NormPanelsProps extends Pick<BlockProps, "exports"> {
  readonly state: PictureState<NormSettings, NormPicture>;
}

function NormPanels({ state, exports }: NormPanelsProps): JSX.Element {
  const token = useSignal(1);
  const picture = state.drawn.value?.picture;
  if (picture === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const at = Math.min(token.value, picture.tokens.length - 1);
  const choose = (next: number): void => {
    token.value = next;
  };
  return (
    <div class="room-panels block-panels">
      <HistogramPanel picture={picture} question={questions.histogram} token={at} choose={choose} />
      <StatisticsPanel picture={picture} question={questions.statistics} token={at} choose={choose} />
      <StagesPanel picture={picture} saving={{ exports, subject: "Norms" }} question={questions.stages} />
      <CostLine
        what={`${picture.tokens.length} vectors of ${picture.width} numbers, two norms`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
