import type { Outcome } from "../../compute/outcome.js";
import { attempt, tokensOf } from "../../compute/read-text.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import { computeFeedForward } from "./feed-forward/compute-feed-forward.js";
import type { FeedForwardPicture } from "./feed-forward/picture.js";
import type { FeedForwardSettings } from "./feed-forward/settings.js";
import { computeNorms } from "./norms/compute-norms.js";
import type { NormPicture } from "./norms/picture.js";
import type { NormSettings } from "./norms/settings.js";
import { computePositions } from "./positions/compute-positions.js";
import type { PositionPicture } from "./positions/picture.js";
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
