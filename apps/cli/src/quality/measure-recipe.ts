import { argMax, type Tensor } from "@tensorflow/tfjs-core";
import { quantize } from "@tfblocks/quantization";
import { Linear, scope, walkParts } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { Batch, Recipe, ZooModel } from "@tfblocks/zoo";

/** How good a model is with weights of so many bits. */
export interface PrecisionQuality {
  readonly bits: 32 | 8 | 4;
  /** Of all weights, scales included. */
  readonly bytes: number;
  /** The mean cross-entropy of held-out examples, in nats a token. */
  readonly loss: number;
  /** The share of held-out tokens whose likeliest token is that of 32 bits. */
  readonly agreement: number;
}

const heldOut = { count: 200, seed: 1 };

/** Compares a trained model of a recipe with itself at 8 and 4 bits. */
export function measureRecipe(recipe: Recipe, model: ZooModel, groupSize: number): PrecisionQuality[] {
  const batch = recipe.heldOutBatch(heldOut);
  try {
    const expected = likeliest(model, batch);
    const judged = Array.from(batch.labels.dataSync(), (label) => label >= 0);
    return ([32, 8, 4] as const).map((bits) => {
      const own = bits === 32 ? model : quantize(model, { bits, groupSize, parts: dividedParts(model, groupSize) });
      try {
        const found = likeliest(own, batch);
        const same = judged.filter((isJudged, at) => isJudged && found[at] === expected[at]).length;
        return { bits, bytes: bytesOf(own), loss: lossOf(recipe, own, batch), agreement: same / judged.filter(Boolean).length };
      } finally {
        if (own !== model) own.dispose();
      }
    });
  } finally {
    for (const tensor of Object.values(batch) as Tensor[]) tensor.dispose();
  }
}

/** The linear maps and embeddings whose inputs a group divides. */
function dividedParts(model: ZooModel, groupSize: number): string[] {
  const parts = walkParts(model).filter(([, part]) => part instanceof Linear || "logits" in part);
  return parts.flatMap(([name, part]) => ((part as Linear).weight.shape[1]! % groupSize === 0 ? [name] : []));
}

function lossOf(recipe: Recipe, model: ZooModel, batch: Batch): number {
  const loss = recipe.loss(model, batch);
  const [number] = loss.dataSync();
  loss.dispose();
  return number!;
}

/** The likeliest token at each position. */
function likeliest(model: ZooModel, { ids, target }: Batch): Int32Array {
  const tokens = scope(() => argMax(model instanceof EncoderDecoder ? model.apply(ids, target!).logits : model.apply(ids).logits, -1));
  const numbers = tokens.dataSync<"int32">();
  tokens.dispose();
  return numbers;
}

/** Bytes of parameters and buffers. */
function bytesOf(model: ZooModel): number {
  return Object.values({ ...model.parameters(), ...model.buffers() }).reduce((bytes, { size }) => bytes + size * 4, 0);
}
