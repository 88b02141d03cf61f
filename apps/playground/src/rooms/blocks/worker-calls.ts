import type { Outcome } from "../../compute/outcome.js";
import { attempt, tokensOf } from "../../compute/read-text.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import { openModel } from "../../models/open-models.js";
import { answer } from "../../reading/answer.js";
import { reading } from "../../reading/shared-runs.js";
import type { LayerRequest } from "../../workspace/chosen-layer.js";
import { computeFeedForward } from "./feed-forward/compute-feed-forward.js";
import type { FeedForwardNumbers, FeedForwardPicture } from "./feed-forward/picture.js";
import { readFeedForward } from "./feed-forward/read-feed-forward.js";
import type { FeedForwardSettings } from "./feed-forward/settings.js";
import type { ModelBlock } from "./model-block.js";
import { computeNorms } from "./norms/compute-norms.js";
import type { ModelNorm } from "./norms/model-norms.js";
import type { NormPicture } from "./norms/picture.js";
import { readNorms } from "./norms/read-norms.js";
import type { NormSettings } from "./norms/settings.js";
import { computePositions } from "./positions/compute-positions.js";
import type { PositionNumbers, PositionPicture } from "./positions/picture.js";
import { readPositions } from "./positions/read-positions.js";
import type { PositionSettings } from "./positions/settings.js";

/** Computes the picture of a positional encoding. */
export function positions(settings: PositionSettings): Outcome<PositionPicture> {
  return transferArrays(attempt("sizes", () => computePositions(settings)));
}

/** Computes the picture of the norms. */
export function norms(settings: NormSettings): Outcome<NormPicture> {
  const tokens = tokensOf(settings.text, "text");
  return tokens.ok ? transferArrays(attempt("sizes", () => computeNorms(settings, tokens.result))) : tokens;
}

/** Computes the picture of a feed-forward network. */
export function feedForward(settings: FeedForwardSettings): Outcome<FeedForwardPicture> {
  const tokens = tokensOf(settings.text, "text");
  return tokens.ok ? transferArrays(attempt("sizes", () => computeFeedForward(settings, tokens.result))) : tokens;
}

/** How a layer of the chosen model learns where its tokens stand. */
export function modelPositions(modelsUrl: string, { input, place }: LayerRequest): Promise<Outcome<ModelBlock<PositionNumbers>>> {
  return answer(async () => readPositions(await openModel(input.model, modelsUrl), place));
}

/** The norms of a layer of the chosen model, on a text. */
export function modelNorms(modelsUrl: string, { input, place }: LayerRequest): Promise<Outcome<ModelBlock<readonly ModelNorm[]>>> {
  return reading(modelsUrl, input, (run) => readNorms(run, place));
}

/** The feed-forward network of a layer of the chosen model, on a text. */
export function modelFeedForward(modelsUrl: string, { input, place }: LayerRequest): Promise<Outcome<ModelBlock<FeedForwardNumbers>>> {
  return reading(modelsUrl, input, (run) => readFeedForward(run, place));
}
