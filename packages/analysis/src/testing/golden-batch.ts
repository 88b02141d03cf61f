import { tensor2d, type Tensor } from "@tensorflow/tfjs-core";
import { modelFixture, type ModelFixture, type ModelFixtureName, type ModelFixtureSide } from "@tfblocks/fixtures/models";
import { type Mask, padding } from "@tfblocks/masks";
import { use } from "@tfblocks/testkit";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { openSafetensors } from "@tfblocks/weights";
import type { StreamModel } from "../models.js";

/** A model with the weights of a fixture, disposed after the test. */
export interface Golden {
  readonly model: StreamModel;
  readonly fixture: ModelFixture;
}

export async function golden(name: ModelFixtureName): Promise<Golden> {
  const fixture = await modelFixture(name);
  const weights = await openSafetensors(fixture.weights);
  const { model } = use(await loadModel({ config: fixture.config, weights }));
  await weights.close();
  return { model, fixture };
}

/** A batch of a fixture. Of an encoder-decoder, `ids` are those of the decoder. */
export interface Batch {
  readonly ids: Tensor;
  readonly options: { readonly mask?: Mask; readonly positions?: Tensor; readonly segments?: Tensor; source?: Tensor; sourceMask?: Mask };
  readonly logits: readonly (readonly (readonly number[])[])[];
}

/** The tensors are disposed after the test. */
export async function batchOf({ fixture }: Golden, side: ModelFixtureSide): Promise<Batch> {
  const inputs = fixture.case.inputs[side];
  const integers = (rows: number[][]) => use(tensor2d(rows, undefined, "int32"));
  const mask = padding({ keep: inputs.attention_mask.map((row) => row.map(Boolean)) });
  const logits = await expectedLogits(fixture, side);
  if (inputs.decoder_input_ids !== undefined) {
    return { ids: integers(inputs.decoder_input_ids), options: { source: integers(inputs.input_ids), sourceMask: mask }, logits };
  }
  const positions = inputs.position_ids && { positions: integers(inputs.position_ids) };
  const segments = inputs.token_type_ids && { segments: integers(inputs.token_type_ids) };
  return { ids: integers(inputs.input_ids), options: { mask, ...positions, ...segments }, logits };
}

/** `[batch][length][vocabSize]`, as transformers computes them. */
async function expectedLogits(fixture: ModelFixture, side: ModelFixtureSide): Promise<number[][][]> {
  const reader = await openSafetensors(fixture.expected);
  const logits = use(await reader.read(`${side}.logits`));
  await reader.close();
  return (await logits.array()) as number[][][];
}

export type GoldenModel = Golden["model"];

/** A tiny model with the weights of a fixture. */
export async function goldenModel(name: ModelFixtureName): Promise<GoldenModel> {
  return (await golden(name)).model;
}

/** int32 `[2, 6]`, in the vocabulary of every fixture. */
export function goldenIds(): Tensor {
  return use(tensor2d([5, 3, 7, 9, 4, 8, 3, 3, 6, 5, 9, 7], [2, 6], "int32"));
}
