import type { Outcome } from "../../compute/outcome.js";
import { attempt, tokensOf } from "../../compute/read-text.js";
import { send } from "../../compute/send.js";
import { computeFeedForward } from "./feed-forward/compute-feed-forward.js";
import type { FeedForwardPicture } from "./feed-forward/picture.js";
import type { FeedForwardSettings } from "./feed-forward/settings.js";
import { computeNorms } from "./norms/compute-norms.js";
import type { NormPicture } from "./norms/picture.js";
import type { NormSettings } from "./norms/settings.js";
import { computePositions } from "./positions/compute-positions.js";
import type { PositionPicture } from "./positions/picture.js";
import type { PositionSettings } from "./positions/settings.js";

/** What the room of building blocks asks of the worker. */
export const blocksCalls: {
  blocksPositions(settings: PositionSettings): Outcome<PositionPicture>;
  blocksNorms(settings: NormSettings): Outcome<NormPicture>;
  blocksFeedForward(settings: FeedForwardSettings): Outcome<FeedForwardPicture>;
} = {
  blocksPositions(settings) {
    return send(attempt("sizes", () => computePositions(settings)));
  },

  blocksNorms(settings) {
    const tokens = tokensOf(settings.text, "text");
    return tokens.ok ? send(attempt("sizes", () => computeNorms(settings, tokens.result))) : tokens;
  },

  blocksFeedForward(settings) {
    const tokens = tokensOf(settings.text, "text");
    return tokens.ok ? send(attempt("sizes", () => computeFeedForward(settings, tokens.result))) : tokens;
  },
};
