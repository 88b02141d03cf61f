// Compiled against the published declarations with strict TypeScript; never run.
import * as tf from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";

const attention = multiHeadAttention({ dModel: 8, numHeads: 2 });
const x: tf.Tensor3D = tf.zeros([1, 4, 8]);
const { output, weights } = attention.apply(x, x, x, { mask: masks.causal() });

export const shapes: (readonly number[] | undefined)[] = [output.shape, weights?.shape];

// @ts-expect-error dModel is a number: had the declarations come out as `any`, this would compile.
export const refused = multiHeadAttention({ dModel: "8", numHeads: 2 });
