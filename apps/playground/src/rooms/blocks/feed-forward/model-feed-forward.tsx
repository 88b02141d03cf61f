import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Saving } from "../../../exports/saving.js";
import { modelsUrl } from "../../../models/models-url.js";
import type { BlockProps } from "../block-props.js";
import { ModelFrame } from "../model-frame.js";
import { CurvesPanel } from "./curves-panel.js";
import { HiddenUnitsPanel } from "./hidden-units-panel.js";
import type { FeedForwardNumbers } from "./picture.js";
import { TokenPathPanel } from "./token-path-panel.js";

const questions = {
  curves: "Which inputs does the activation pass on almost unchanged, and which does it hold back?",
  units: "Does the same word at two positions activate the same units? Choose another layer: are more units active there?",
  gated: "Find a hidden unit with a large value of up and a gate near 0. How large is their product?",
  plain: "How many of the hidden units stay near 0? Compare with another token.",
};

/** The feed-forward network of a layer of the chosen model. */
export function ModelFeedForward({ compute, workspace, linkTo, exports }: BlockProps): JSX.Element {
  return (
    <ModelFrame<FeedForwardNumbers>
      compute={compute}
      workspace={workspace}
      linkTo={linkTo}
      exports={exports}
      ask={(blocks, request) => blocks.modelFeedForward(modelsUrl, request)}
    >
      {(picture, saving) => <ModelPanels picture={picture} saving={saving} />}
    </ModelFrame>
  );
}

function ModelPanels({ picture, saving }: { readonly picture: FeedForwardNumbers; readonly saving: Saving }): JSX.Element {
  const token = useSignal(picture.tokens.length - 1);
  const at = Math.min(token.value, picture.tokens.length - 1);
  const choose = (next: number): void => {
    token.value = next;
  };
  return (
    <>
      <HiddenUnitsPanel picture={picture} saving={saving} question={questions.units} />
      <TokenPathPanel picture={picture} question={picture.isGated ? questions.gated : questions.plain} token={at} choose={choose} />
      <CurvesPanel picture={picture} question={questions.curves} />
    </>
  );
}
