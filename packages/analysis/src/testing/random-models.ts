import { type Tensor, tensor, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { bert, gemma2, gpt2, gptNeoX, llama, t5 } from "@tfblocks/transformer/models";
import type { StreamModel, StreamOptions } from "../models.js";

export const vocabSize = 13;

/** Absolute and rotary positions, grouped heads, windows, soft caps, parallel layers, norms after sums, relative biases. */
const builders = {
  gpt2: () => gpt2({ vocabSize, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 }),
  llama: () => llama({ vocabSize, dModel: 16, numHeads: 4, numKvHeads: 2, numLayers: 2, hiddenDim: 20 }),
  gemma2: () =>
    gemma2({
      vocabSize,
      dModel: 16,
      numHeads: 4,
      numKvHeads: 2,
      headDim: 4,
      numLayers: 2,
      hiddenDim: 20,
      window: (layer) => (layer === 0 ? 3 : undefined),
      attentionSoftcap: 2,
      logitSoftcap: 3,
    }),
  gptNeoX: () => gptNeoX({ vocabSize, dModel: 16, numHeads: 2, numLayers: 2, hiddenDim: 20 }),
  bert: () => bert({ vocabSize, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2, hiddenDim: 20 }),
  t5: () => t5({ vocabSize, dModel: 12, numHeads: 3, numLayers: 2, hiddenDim: 20, numBuckets: 8, maxDistance: 6 }),
};

type RandomFamily = keyof typeof builders;

export const causalFamilies: readonly RandomFamily[] = ["gpt2", "llama", "gemma2", "gptNeoX"];
export const languageFamilies: readonly RandomFamily[] = [...causalFamilies, "bert"];
export const randomFamilies: readonly RandomFamily[] = [...languageFamilies, "t5"];

/** A model whose parameters, ids and padding are random; everything is freed after the test. */
export interface RandomCase {
  readonly model: StreamModel;
  readonly random: Random;
  /** int32 `[batch, length]` */
  readonly ids: Tensor;
  /** Ids of another text of the same size. */
  readonly others: Tensor;
  readonly batch: number;
  readonly length: number;
  readonly options: StreamOptions;
  /** Whether a position is a token, not padding. */
  readonly isToken: (row: number, position: number) => boolean;
  /** The logits of ids, `[batch, length, vocabSize]`, in a model that was made from this one. */
  readonly logitsOf: (model: StreamModel, ids: Tensor) => Promise<Float32Array>;
}

export function randomCase(family: RandomFamily, seed: number): RandomCase {
  const random = new Random(seed).split(family);
  const model = use(builders[family]());
  for (const parameter of Object.values(model.parameters())) randomise(parameter as never, random);
  const [batch, length] = [1 + random.integer(2), 2 + random.integer(6)];
  const draw = (columns: number) =>
    use(
      tensor2d(
        Int32Array.from({ length: batch * columns }, () => random.integer(vocabSize)),
        [batch, columns],
        "int32",
      ),
    );
  const lengths = Array.from({ length: batch }, () => 1 + random.integer(length));
  const mask = random.integer(2) === 0 ? undefined : padding({ lengths });
  const source = model instanceof EncoderDecoder ? draw(5) : undefined;
  return {
    model,
    random,
    batch,
    length,
    ids: draw(length),
    others: draw(length),
    options: { mask, ...(source && { source }) },
    isToken: (row, position) => mask === undefined || position < lengths[row]!,
    logitsOf: (each, ids) => read(each, ids, mask, source),
  };
}

function randomise(parameter: { readonly shape: number[]; assign: (value: Tensor) => void }, random: Random): void {
  const size = parameter.shape.reduce((product, each) => product * each, 1);
  const value = tensor(
    Float32Array.from({ length: size }, () => 0.4 * random.normal()),
    parameter.shape,
  );
  parameter.assign(value);
  value.dispose();
}

async function read(model: StreamModel, ids: Tensor, mask: Mask | undefined, source: Tensor | undefined): Promise<Float32Array> {
  if (!(model instanceof EncoderDecoder)) return use(model.apply(ids, { mask })).logits.data<"float32">();
  const { logits, encoder } = use(model.apply(source!, ids, { targetMask: mask }));
  use(encoder);
  return logits.data<"float32">();
}
