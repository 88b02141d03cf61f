import type { Mask } from "@tfblocks/masks";
import { fetchCode } from "../../compute/fetch-code.js";
import type { Outcome } from "../../compute/outcome.js";
import { attempt, describeFailure } from "../../compute/read-text.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import type { ModelInfo } from "../../models/model-info.js";
import { ModelSlot } from "../../models/model-slot.js";
import type { OpenModel } from "../../models/open-model.js";
import type { Cell } from "../../ui/heat-map.js";
import { buildMask } from "./build-mask.js";
import { computeNumbers, type PictureWeights } from "./compute-numbers.js";
import { computePicture } from "./compute-picture.js";
import type { AttentionPicture, PictureNumbers } from "./picture.js";
import { readTokens } from "./read-tokens.js";
import type { AttentionSettings } from "./settings.js";

/** The mask and a copy of the weights of the latest picture; the arrays of the picture itself move to the page. */
let latest: { readonly mask: Mask | undefined; readonly weights: PictureWeights } | undefined;
const slot = new ModelSlot();

/** Opens a trained model and keeps it open. */
export async function openModel(name: string, modelsUrl: string): Promise<Outcome<ModelInfo>> {
  try {
    return { ok: true, result: (await slot.open(name, modelsUrl)).info };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, "model") };
  }
}

/** Computes the picture of the settings. */
export async function picture(settings: AttentionSettings, modelsUrl: string): Promise<Outcome<AttentionPicture>> {
  const outcome = settings.model === "" ? randomPicture(settings) : await trainedPicture(settings, modelsUrl);
  if (!outcome.ok) return outcome;
  const { picture: drawn, mask } = outcome.result;
  const { queryTokens, keyTokens, heads } = drawn;
  const weights = { queryTokens, keyTokens, heads, allowed: drawn.allowed.slice(), weights: drawn.stages.probabilities.slice() };
  latest = { mask, weights };
  return transferArrays({ ok: true, result: drawn });
}

/** Measures the heads of the latest picture. This is a separate call because it takes longer than the picture. */
export function numbers(): PictureNumbers | undefined {
  return latest && computeNumbers(latest.weights);
}

/** Why a query of the latest picture may or may not attend to a key. */
export function explain({ query, key }: Cell): string {
  return latest?.mask?.explain(0, 0, query, key).reason ?? "no mask: every query may attend to every key";
}

/** Frees the open model. */
export function leave(): void {
  slot.clear();
}

interface MaskedPicture {
  readonly picture: AttentionPicture;
  readonly mask: Mask | undefined;
}

function randomPicture(settings: AttentionSettings): Outcome<MaskedPicture> {
  slot.clear();
  const tokens = readTokens(settings);
  if (!tokens.ok) return tokens;
  const mask = buildMask(settings, tokens.result.keyTokens.length);
  return attempt("sizes", () => ({ picture: computePicture(settings, tokens.result, mask), mask }));
}

async function trainedPicture(settings: AttentionSettings, modelsUrl: string): Promise<Outcome<MaskedPicture>> {
  try {
    const opened = await slot.open(settings.model, modelsUrl);
    const answer = readsAnswer(opened, settings) ? attempt("keyText", () => opened.tokenizer.encode(settings.keyText)) : undefined;
    if (answer?.ok === false) return answer;
    const { modelPicture } = await fetchCode(() => import("./model-picture.js"));
    return attempt("text", () => modelPicture(opened, settings));
  } catch (error) {
    return { ok: false, failure: describeFailure(error, "model") };
  }
}

/** Whether the shown attention is in a decoder that follows an encoder, so that it reads the answer. */
function readsAnswer({ info }: OpenModel, { part }: AttentionSettings): boolean {
  return (part === "decoder" || part === "cross") && info.parts.some((each) => each.part === part);
}
