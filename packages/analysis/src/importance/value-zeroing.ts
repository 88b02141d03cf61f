import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import {
  borrowed,
  checkInteger,
  checkOptions,
  type Composite,
  describeValue,
  hold,
  refuse,
  scope,
  ValueError,
} from "@tfblocks/tensor-utils";
import type { OptionNames } from "@tfblocks/tensor-utils";
import type { LayerOptions } from "@tfblocks/transformer";
import { checkFunction } from "../checks.js";
import { type Edit, withEdits } from "../edits/with-edits.js";
import { applyRun } from "../watching/apply-run.js";
import { normalizedRows } from "./norm-weighted-attention.js";
import { type LayerBlock, zeroedValues } from "./zeroed-values.js";

/** Options of {@link valueZeroing}. */
export interface ValueZeroingOptions {
  /**
   * The attentions whose values are zeroed; `*` matches one word. Default `"layers.*.attention"`; in encoder-decoders for example
   * `"decoder.layers.*.crossAttention"`.
   */
  readonly attention?: string | undefined;
  /** How many keys to zero in one pass of a layer, each in its own copy of the batch; default 16. It bounds the memory. */
  readonly copies?: number | undefined;
}

const optionNames: OptionNames<ValueZeroingOptions> = { attention: true, copies: true };

/** How much each token of a layer depends on the value of each key. */
export interface LayerValueZeroing {
  /** The name of the attention. */
  readonly attention: string;
  /** `[batch, queryLength, keyLength]`: the shape of `scores` and `relative`. */
  readonly shape: readonly [batch: number, queryLength: number, keyLength: number];
  /** 1 − cos, from 0 to 2. */
  readonly scores: readonly number[];
  /** `scores` divided by the sum of their row; a row of zeros stays 0. */
  readonly relative: readonly number[];
}

/** What {@link valueZeroing} returns. Plain JSON. */
export interface ValueZeroing {
  readonly metric: "valueZeroing";
  readonly version: 1;
  readonly layers: readonly LayerValueZeroing[];
}

/** Scores below this are rounding and become 0, as in the reference implementation. */
const smallest = 1e-5;

/**
 * Value zeroing: C_ij = 1 − cos(h_i, h_i without the value of key j), where h is the output of a layer whose input stays as it is.
 * All heads lose the value of j, and attention weights do not change. Unlike weights, it sees norms, residual and feed-forward.
 *
 * From 0 (token i does not depend on j in this layer) to 2, 0 below 1e-5. Layers are independent: each reads the unchanged states.
 *
 * Cost: one pass of each layer for each key and one more. `copies` of the batch are computed at once; one at a time if masks or
 * positions differ between sequences, or there is cross-attention. Dropout does not apply.
 *
 * Source: Mohebbi et al. 2023, "Quantifying Context Mixing in Transformers".
 *
 * @param run applies the watched model once, without a cache; its result is discarded
 * @throws ValueError when a part does not exist, `run` returns a promise, applies no layer or uses a cache, a number is out of range, or an option is unknown
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { valueZeroing } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const ids = tensor2d([[1, 2, 3]], [1, 3], "int32");
 * const { layers } = await valueZeroing(model, (watched) => watched.apply(ids));
 * for (const { attention, shape } of layers) console.log(attention, shape); // layers.0.attention [ 1, 3, 3 ], …
 * ```
 */
export async function valueZeroing<Model extends Composite>(
  model: Model,
  run: (watched: Model) => unknown,
  options: ValueZeroingOptions = {},
): Promise<ValueZeroing> {
  const { attention = "layers.*.attention", copies = 16 } = checkOptions("valueZeroing", options, optionNames);
  checkInteger("valueZeroing", "copies", copies, 1);
  checkFunction("valueZeroing", "run", run, "a function that applies the model");
  const moves = new Map<string, Tensor>();
  try {
    const watched = withEdits(model, [watching(attention, copies, moves)]);
    scope(() => void applyRun("valueZeroing", watched, run));
    if (moves.size === 0) refuse(ValueError, "valueZeroing", "run", `a function that applies the layers of "${attention}"`, "no call");
    const layers = await Promise.all([...moves].map(([name, move]) => readLayer(name, move)));
    return { metric: "valueZeroing", version: 1, layers };
  } finally {
    dispose([...moves.values()]);
  }
}

/** An edit that changes nothing and keeps what {@link zeroedValues} gives for each layer. */
function watching(pattern: string, copies: number, moves: Map<string, Tensor>): Edit {
  const dot = typeof pattern === "string" ? pattern.lastIndexOf(".") : -1;
  if (dot < 1) {
    refuse(
      ValueError,
      "valueZeroing",
      "attention",
      'the name of an attention in a layer, for example "layers.0.attention"',
      describeValue(pattern),
    );
  }
  const attention = pattern.slice(dot + 1);
  const view: Edit["view"] = (block, name) =>
    borrowed(block, (inner) => ({
      apply: (...inputs: unknown[]) => {
        const [x, options = {}] = inputs as [Tensor, LayerOptions?];
        const key = `${name}.${attention}`;
        if (moves.has(key)) refuse(ValueError, "valueZeroing", "run", `a function that applies "${name}" once`, "a second call");
        scope(() => void moves.set(key, hold(zeroedValues(inner as unknown as LayerBlock, attention, x, options, copies))));
        return inner.apply(...inputs);
      },
    }));
  return { operation: "valueZeroing", part: pattern.slice(0, dot), place: "computation", view };
}

async function readLayer(attention: string, move: Tensor): Promise<LayerValueZeroing> {
  const [keyLength, batch, queryLength] = move.shape as [number, number, number];
  const moved = await move.data();
  const scores = Float64Array.from(moved, (_, cell) => {
    const value = moved[(cell % keyLength) * batch * queryLength + Math.floor(cell / keyLength)]!;
    return value < smallest ? 0 : value;
  });
  return { attention, shape: [batch, queryLength, keyLength], scores: Array.from(scores), relative: normalizedRows(scores, keyLength) };
}
