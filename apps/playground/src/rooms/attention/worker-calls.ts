import { transfer } from "comlink";
import type { Outcome } from "../../compute/outcome.js";
import { describeFailure } from "../../compute/read-text.js";
import { buildMask } from "./build-mask.js";
import { computeNumbers, type WeightsOfPicture } from "./compute-numbers.js";
import { computePicture } from "./compute-picture.js";
import type { AttentionPicture, PictureNumbers } from "./picture.js";
import { readTokens } from "./read-tokens.js";
import type { AttentionSettings } from "./settings.js";
import type { Cell } from "./view.js";

/** The newest weights stay here: the picture itself is handed over whole. */
let newest: WeightsOfPicture | undefined;

/** What the attention room asks of the worker. */
export const attentionCalls: {
  attentionPicture(settings: AttentionSettings): Outcome<AttentionPicture>;
  attentionNumbers(): PictureNumbers | undefined;
  attentionExplain(settings: AttentionSettings, keyLength: number, cell: Cell): string;
} = {
  attentionPicture(settings) {
    const tokens = readTokens(settings);
    if (!tokens.ok) return tokens;
    try {
      const picture = computePicture(settings, tokens.result);
      newest = { ...tokens.result, heads: picture.heads, allowed: picture.allowed.slice(), weights: picture.stages.probabilities.slice() };
      return transfer({ ok: true, result: picture }, buffersOf(picture));
    } catch (error) {
      return { ok: false, failure: describeFailure(error, "sizes") };
    }
  },

  /** Numbers of the newest picture, asked for apart because they take longer than the picture. */
  attentionNumbers() {
    return newest && computeNumbers(newest);
  },

  /** Why a query may or may not attend to a key. */
  attentionExplain(settings, keyLength, { query, key }) {
    return buildMask(settings, keyLength)?.explain(0, 0, query, key).reason ?? "no mask: every query may attend to every key";
  },
};

function buffersOf({ stages, allowed, queries, keys, values }: AttentionPicture): ArrayBuffer[] {
  return [...Object.values(stages), allowed, queries, keys, values].map((array) => array.buffer as ArrayBuffer);
}
