import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";
import { type RandomFamily, randomModel, vocabSize } from "@tfblocks/testkit/random-models";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { StreamModel, StreamOptions } from "../models.js";

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
  const model: StreamModel = randomModel(family, random);
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

async function read(model: StreamModel, ids: Tensor, mask: Mask | undefined, source: Tensor | undefined): Promise<Float32Array> {
  if (!(model instanceof EncoderDecoder)) return use(model.apply(ids, { mask })).logits.data<"float32">();
  const { logits, encoder } = use(model.apply(source!, ids, { targetMask: mask }));
  use(encoder);
  return logits.data<"float32">();
}
