import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import type { Indices } from "../edits/sites.js";
import { distribution, type Distribution, type LensReading, lensReading } from "./lens-reading.js";
import { logitsOfRows, type Readout, readoutOf, rowBlocks } from "./readout.js";
import {
  positionsOf,
  predictsNext,
  readIds,
  type ReadIds,
  runStream,
  type StreamModel,
  type StreamOptions,
  streamOptionNames,
} from "./stream-options.js";
import { noTarget, readTargets } from "./token-losses.js";

/** Options of {@link logitLens}. */
export interface LogitLensOptions extends StreamOptions {
  /** The positions to read; default all. */
  readonly at?: Indices | undefined;
  /** How many of the likeliest tokens to list, 0 to vocabSize; default 5, or vocabSize if that is smaller. */
  readonly topK?: number | undefined;
  /**
   * The token whose probability and rank are read, int32 `[batch, length]`, -100 for none; default the next token, or none for a
   * model that is not causal.
   */
  readonly targets?: Tensor | undefined;
  /** Whether the final norm is applied to the states before the last layer's; default true. */
  readonly normalize?: boolean | undefined;
  /** Called after each layer of a few positions, for a progress bar. May return a promise; what it throws ends the reading. */
  readonly onProgress?: ((done: number, total: number) => void | Promise<void>) | undefined;
}

const optionNames: OptionNames<LogitLensOptions> = {
  ...streamOptionNames,
  at: true,
  topK: true,
  targets: true,
  normalize: "flag",
  onProgress: true,
};

/** What {@link logitLens} returns: plain data. */
export interface LogitLens {
  /** The positions that were read. */
  readonly at: readonly number[];
  /**
   * `[layer][row][position]`. Layer 0 is the embedding, layer l the residual stream after l layers, and the last one what the model
   * itself predicts. Null at padding.
   */
  readonly layers: readonly (readonly (readonly (LensReading | null)[])[])[];
}

/**
 * What a model would predict if it ended after each layer: the residual stream x_l before layer l, mapped to logits by the model's own
 * final norm and head. p_l = softmax(head(finalNorm(x_l))).
 *
 * Masked-token heads apply their transform and norm too. In models with norms after the sums (BERT) there is no final norm, because the
 * stream between layers is normalised already: the head reads it as it is. Of an encoder-decoder, the decoder is read.
 *
 * Early layers are often unreadable, because the head was not trained on them: compare layers, and see `klFromFinal`.
 *
 * Logits are computed for one layer and a few positions at a time, so that memory does not grow with layers × positions × vocabSize.
 * Source: nostalgebraist 2020, "interpreting GPT: the logit lens"; the direction of the divergence as in Belrose et al. 2023.
 *
 * @param ids int32 `[batch, length]`; of an encoder-decoder, what the decoder reads
 * @throws ValueError when an id, a target or a position is out of range, there are no ids, the model has no head, an option does not
 *   fit the model or is unknown, or logits are not finite
 * @throws ShapeError, DTypeError, DisposedError when a tensor is not a live int32 tensor of its shape
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { logitLens } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const { layers } = await logitLens(model, tensor2d([[1, 2, 3]], [1, 3], "int32"), { topK: 2 });
 * for (const [row] of layers) console.log(row?.[0]?.top, row?.[0]?.target?.rank); // 3 lines: before, between and after the layers
 * ```
 */
export async function logitLens(model: StreamModel, ids: Tensor, options: LogitLensOptions = {}): Promise<LogitLens> {
  const operation = "logitLens";
  checkOptions(operation, options, optionNames);
  const readout = readoutOf(operation, model);
  const { topK = Math.min(5, model.vocabSize), normalize = true, onProgress = () => {} } = options;
  checkInteger(operation, "topK", topK, 0, model.vocabSize);
  checkFunction(operation, "onProgress", onProgress);
  const read = await readIds(operation, model, ids, options);
  const at = positionsOf(operation, read, options.at ?? Array.from({ length: read.length }, (_, position) => position));
  const targets = await targetsOf(operation, model, read, options);
  const { output, hiddenStates } = runStream(operation, model, ids, options, true);
  try {
    const prepare: Prepare = (x) => (normalize ? (readout.finalNorm?.apply(x) ?? x) : x);
    return { at, layers: await readLens(readout, read, { hiddenStates: hiddenStates!, at, targets, topK, prepare, onProgress }) };
  } finally {
    dispose([output, ...hiddenStates!]);
  }
}

/** The target of every position; undefined for none. */
async function targetsOf(
  operation: string,
  model: StreamModel,
  read: ReadIds,
  { targets }: LogitLensOptions,
): Promise<(row: number) => number | undefined> {
  if (targets === undefined && !predictsNext(model)) return () => undefined;
  const tokens = await readTargets(operation, model, read, { targets });
  return (row) => (tokens[row] === noTarget ? undefined : tokens[row]);
}

interface LensSettings {
  /** The last one after the final norm. Each `[batch, length, dModel]`. */
  readonly hiddenStates: readonly Tensor[];
  readonly at: readonly number[];
  /** The target of a row, which is an index of batch × length. */
  readonly targets: (row: number) => number | undefined;
  readonly topK: number;
  /** Maps states between layers to what the head reads. */
  readonly prepare: Prepare;
  readonly onProgress: NonNullable<LogitLensOptions["onProgress"]>;
}

type Prepare = (x: Tensor) => Tensor;

async function readLens(readout: Readout, { batch, length, isToken }: ReadIds, settings: LensSettings): Promise<LogitLens["layers"]> {
  const { hiddenStates, at, targets, topK, prepare, onProgress } = settings;
  const grid = Array.from({ length: batch }, (_, row) => at.map((position) => row * length + position));
  const readings = hiddenStates.map(() => new Map<number, LensReading>());
  const last = hiddenStates.length - 1;
  const rows = grid.flat().filter((row) => isToken(Math.floor(row / length), row % length));
  const blocks = rowBlocks(rows, readout.vocabSize);
  for (const [done, block] of blocks.entries()) {
    const final = await distributions(readout, hiddenStates[last]!, block);
    for (const [layer, states] of hiddenStates.entries()) {
      const own = layer === last ? final : await distributions(readout, states, block, prepare);
      for (const [index, row] of block.entries()) {
        readings[layer]!.set(row, lensReading(own[index]!, final[index]!, targets(row), topK));
      }
      await onProgress(done * hiddenStates.length + layer + 1, blocks.length * hiddenStates.length);
    }
  }
  return readings.map((found) => grid.map((line) => line.map((row) => found.get(row) ?? null)));
}

async function distributions(readout: Readout, states: Tensor, rows: readonly number[], prepare?: Prepare): Promise<Distribution[]> {
  const logits = await logitsOfRows(readout, states, rows, prepare);
  return logits.map((each) => distribution("logitLens", each));
}
