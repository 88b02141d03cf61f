import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { CostLine } from "../../../ui/cost-line.js";
import type { PictureState } from "../../picture-state.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import { usePictureState } from "../../use-picture-state.js";
import type { BlockProps } from "../block-props.js";
import { CurvesPanel } from "./curves-panel.js";
import { FeedForwardControls } from "./feed-forward-controls.js";
import { HiddenUnitsPanel } from "./hidden-units-panel.js";
import type { FeedForwardPicture } from "./picture.js";
import { feedForwardLink, type FeedForwardSettings } from "./settings.js";
import { TokenPathPanel } from "./token-path-panel.js";

const questions = {
  curves: {
    question: "At which inputs is the slope of ReLU 0, so that no gradient passes? What is the slope of GELU there?",
    answer:
      "At all inputs below 0. The slope of GELU falls below 0 at about −0.75 and comes near 0 only from about −3 on, so that a unit a little below 0 still learns.",
  },
  units: {
    question: "Does the same word at two positions activate the same units? Compare ReLU with GELU: how many units are exactly 0?",
    answer:
      "Mostly, but not exactly: the vector of a word contains its position too. With ReLU about half of the units are exactly 0, with GELU none: what is below 0 becomes small, not 0.",
  },
  gated: {
    question: "Find a hidden unit with a large value of up and a gate near 0. How large is their product?",
    answer: "Near 0. The gate decides how much of a unit passes, whatever its value.",
  },
  plain: {
    question: "Choose Gated. Which stage is new, and how many more parameters does the network have?",
    answer:
      "The gate: a second projection to the hidden units, which multiplies the first. The network has three matrices in place of two, so about half as many parameters more.",
  },
};

/** A feed-forward network to play with. */
export function FeedForwardBlock({ compute, exports, ...rest }: BlockProps): JSX.Element {
  const state = usePictureState(rest, feedForwardLink, async (settings: FeedForwardSettings) =>
    (await compute.calls).blocks.feedForward(settings),
  );
  return (
    <RoomFrame busy={state.busy}>
      <FeedForwardControls state={state} />
      <FeedForwardPanels state={state} exports={exports} />
    </RoomFrame>
  );
}

interface FeedForwardPanelsProps extends Pick<BlockProps, "exports"> {
  readonly state: PictureState<FeedForwardSettings, FeedForwardPicture>;
}

function FeedForwardPanels({ state, exports }: FeedForwardPanelsProps): JSX.Element {
  const token = useSignal(1);
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const { picture } = drawn;
  const at = Math.min(token.value, picture.tokens.length - 1);
  const choose = (next: number): void => {
    token.value = next;
  };
  return (
    <div class="room-panels block-panels">
      <CurvesPanel picture={picture} question={questions.curves} />
      <HiddenUnitsPanel picture={picture} saving={{ exports, subject: "Feed-forward" }} question={questions.units} />
      <TokenPathPanel picture={picture} question={picture.isGated ? questions.gated : questions.plain} token={at} choose={choose} />
      <CostLine
        what={`${picture.parameters.toLocaleString("en")} parameters, ${picture.tokens.length} tokens`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </div>
  );
}
