import type { Explanation } from "@tfblocks/masks";
import { failureFrom, type Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import type { HeadPlace } from "../../models/model-info.js";
import { maskOf } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { drawBlocks, drawMask } from "./draw-mask.js";
import { costOfMask } from "./mask-cost.js";
import type { MaskEffect } from "./mask-effect.js";
import type { MaskBlocks, MaskCost, MaskPicture } from "./mask-picture.js";
import { readEffect } from "./read-effect.js";

/** The cells of a mask over a text of `length` tokens. */
export function picture(spec: MaskSpec, length: number): Outcome<MaskPicture> {
  return outcomeOf(() => drawMask(spec, length));
}

/** The blocks of `edge` × `edge` pairs of a mask. */
export function blocks(spec: MaskSpec, length: number, edge: number): Outcome<MaskBlocks> {
  return outcomeOf(() => drawBlocks(spec, length, edge));
}

/** Why a query may or may not look at a key, in the words of the package. */
export function explain(spec: MaskSpec, length: number, query: number, key: number): Outcome<Explanation> {
  return outcomeOf(() => maskOf(spec, length).explain(0, 0, query, key));
}

/** What a mask costs on a text and on longer ones. @returns undefined after a cancel */
export async function cost(spec: MaskSpec, length: number, port: TaskPort): Promise<Outcome<MaskCost> | undefined> {
  try {
    const result = await costOfMask(spec, length, port);
    return result && { ok: true, result };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, "mask") };
  }
}

/** A model with its own mask and with another one, on the text of the input. */
export async function effect(modelsUrl: string, input: ReadingInput, place: HeadPlace, mask: MaskSpec): Promise<Outcome<MaskEffect>> {
  return transferArrays(await readEffect(modelsUrl, input, place, mask));
}

function outcomeOf<Result extends object>(compute: () => Result): Outcome<Result> {
  try {
    return transferArrays({ ok: true, result: compute() });
  } catch (error) {
    return { ok: false, failure: failureFrom(error, "mask") };
  }
}
