import type { Mask } from "@tfblocks/masks";
import { fetchCode } from "../../compute/fetch-code.js";
import type { Outcome } from "../../compute/outcome.js";
import { attempt, describeFailure } from "../../compute/read-text.js";
import { send } from "../../compute/send.js";
import type { OpenModel } from "../../models/open-model.js";
import { ModelShelf } from "../../models/model-shelf.js";
import type { ModelInfo } from "../../models/model-info.js";
import { buildMask } from "./build-mask.js";
import { computeNumbers, type WeightsOfPicture } from "./compute-numbers.js";
import { computePicture } from "./compute-picture.js";
import type { AttentionPicture, PictureNumbers } from "./picture.js";
import { readTokens } from "./read-tokens.js";
import type { AttentionSettings } from "./settings.js";
import type { Cell } from "./view.js";

/** The newest weights stay here: the picture itself is handed over whole. */
let newest: WeightsOfPicture | undefined;
let newestMask: Mask | undefined;
const shelf = new ModelShelf();

/** What the attention room asks of the worker. */
export const attentionCalls: {
  attentionModel(name: string, modelsUrl: string): Promise<Outcome<ModelInfo>>;
  attentionPicture(settings: AttentionSettings, modelsUrl: string): Promise<Outcome<AttentionPicture>>;
  attentionNumbers(): PictureNumbers | undefined;
  attentionExplain(settings: AttentionSettings, keyLength: number, cell: Cell): string;
  attentionLeave(): void;
} = {
  async attentionModel(name, modelsUrl) {
    try {
      return { ok: true, result: (await shelf.take(name, modelsUrl)).info };
    } catch (error) {
      return { ok: false, failure: describeFailure(error, "model") };
    }
  },

  async attentionPicture(settings, modelsUrl) {
    const outcome = settings.model === "" ? drawnPicture(settings) : await learnedPicture(settings, modelsUrl);
    if (!outcome.ok) return outcome;
    const { picture, mask } = outcome.result;
    const { queryTokens, keyTokens, heads } = picture;
    newestMask = mask;
    newest = { queryTokens, keyTokens, heads, allowed: picture.allowed.slice(), weights: picture.stages.probabilities.slice() };
    return send({ ok: true, result: picture });
  },

  /** Numbers of the newest picture, asked for apart because they take longer than the picture. */
  attentionNumbers() {
    return newest && computeNumbers(newest);
  },

  /** Why a query may or may not attend to a key. */
  attentionExplain(settings, keyLength, { query, key }) {
    const mask = settings.model === "" ? buildMask(settings, keyLength) : newestMask;
    return mask?.explain(0, 0, query, key).reason ?? "no mask: every query may attend to every key";
  },

  /** Frees the model that the room keeps. */
  attentionLeave() {
    shelf.clear();
  },
};

interface MaskedPicture {
  readonly picture: AttentionPicture;
  readonly mask: Mask | undefined;
}

function drawnPicture(settings: AttentionSettings): Outcome<MaskedPicture> {
  shelf.clear();
  const tokens = readTokens(settings);
  if (!tokens.ok) return tokens;
  return attempt("sizes", () => ({ picture: computePicture(settings, tokens.result), mask: undefined }));
}

async function learnedPicture(settings: AttentionSettings, modelsUrl: string): Promise<Outcome<MaskedPicture>> {
  try {
    const opened = await shelf.take(settings.model, modelsUrl);
    const answer = readsAnswer(opened, settings) ? attempt("keyText", () => opened.tokenizer.encode(settings.keyText)) : undefined;
    if (answer?.ok === false) return answer;
    const { modelPicture } = await fetchCode(() => import("./model-picture.js"));
    return attempt("text", () => modelPicture(opened, settings));
  } catch (error) {
    return { ok: false, failure: describeFailure(error, "model") };
  }
}

/** Whether the attention that is shown is one of a decoder beside an encoder, which has an answer to read. */
function readsAnswer({ info }: OpenModel, { part }: AttentionSettings): boolean {
  return (part === "decoder" || part === "cross") && info.parts.some((each) => each.part === part);
}
