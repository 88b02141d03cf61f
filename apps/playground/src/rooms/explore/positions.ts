import type { TokenView } from "../../reading/readings.js";
import type { ExploreState } from "./state.js";

const noTokens: readonly TokenView[] = [];

/** The tokens at which the model predicts: of an encoder-decoder, those of its answer. */
export function predictedTokens({ info, readings }: ExploreState): readonly TokenView[] {
  const reading = readings.tokens.answered.value?.result;
  return (info.value?.shape === "encoder-decoder" ? reading?.answerTokens : reading?.tokens) ?? noTokens;
}

/** The position whose prediction is read: by default the first mask token, or the last token. */
export function selectedPosition(state: ExploreState): number {
  const tokens = predictedTokens(state);
  const { position } = state.view.value;
  if (position >= 0) return Math.min(position, tokens.length - 1);
  const mask = state.info.value?.predicts === "masked tokens" ? tokens.findIndex(({ text }) => /^[[<]mask[\]>]$/i.test(text.trim())) : -1;
  return mask >= 0 ? mask : tokens.length - 1;
}
