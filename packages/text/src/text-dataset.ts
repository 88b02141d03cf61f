import { tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkOptions,
  describeValue,
  guardAllocation,
  type OptionNames,
  Random,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkedId } from "./ids.js";

/** Windows of a text and the token after each of their tokens; the caller owns the tensors. */
export interface TokenBatch {
  /** int32 `[batch, length]` */
  readonly ids: Tensor2D;
  /** int32 `[batch, length]`: `labels[b, t]` is the token after `ids[b, t]`. */
  readonly labels: Tensor2D;
}

/** Options of {@link TextDataset}. */
export interface TextDatasetOptions {
  /** The token ids of a text; borrowed, not copied. */
  readonly ids: ArrayLike<number>;
  /** Number of tokens in a window. */
  readonly length: number;
  /** Number of windows in a batch. */
  readonly batch: number;
  /** Seed of the order, an integer >= 0; default 0. */
  readonly seed?: number;
  /** Whether to shuffle the windows in every epoch, or to keep the order of the text; default true. */
  readonly shuffle?: boolean;
}

const operation = "TextDataset";
const optionNames: OptionNames<TextDatasetOptions> = { ids: true, length: true, batch: true, seed: true, shuffle: "flag" };

/**
 * Next-token windows of a text: `ids[i · length .. (i + 1) · length]` and, as labels, the same window one token later.
 * Tokens after the last complete window are not used.
 *
 * A batch depends only on the options and its index, so training resumes from a checkpoint with the index alone. Each
 * epoch contains every window once; a batch may contain the end of one epoch and the start of the next.
 */
export class TextDataset {
  /** Number of windows in an epoch. */
  readonly windows: number;
  readonly #options: Required<TextDatasetOptions>;
  #order: { readonly epoch: number; readonly windows: Uint32Array } | undefined;

  /** @throws ValueError when an option is unknown or outside its range, or the text is shorter than `length + 1` tokens */
  constructor(options: TextDatasetOptions) {
    this.#options = resolveOptions(options);
    this.windows = Math.floor((options.ids.length - 1) / options.length);
  }

  /**
   * The batch with an index, counted from 0; the same at every call.
   *
   * @throws ValueError when the index is not an integer >= 0, or an id is not an int32
   * @throws AllocationError when the batch does not fit into memory
   */
  batch(index: number): TokenBatch {
    checkInteger("TextDataset.batch", "index", index, 0);
    const { ids, length, batch } = this.#options;
    guardAllocation("TextDataset.batch", { ids: [batch, length], labels: [batch, length] });
    const tokenAt = (at: number) => checkedId("TextDataset.batch", () => `ids[${at}]`, ids[at]!);
    const [inputs, labels] = [new Int32Array(batch * length), new Int32Array(batch * length)];
    for (let row = 0; row < batch; row++) {
      const start = this.#window(index * batch + row) * length;
      for (let at = 0; at < length; at++) {
        inputs[row * length + at] = tokenAt(start + at);
        labels[row * length + at] = tokenAt(start + at + 1);
      }
    }
    return { ids: tensor2d(inputs, [batch, length], "int32"), labels: tensor2d(labels, [batch, length], "int32") };
  }

  /** The window at a position of the endless sequence of epochs. */
  #window(position: number): number {
    const [epoch, at] = [Math.floor(position / this.windows), position % this.windows];
    if (!this.#options.shuffle) return at;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, windows: shuffled(this.windows, new Random(this.#options.seed).split(epoch)) };
    return this.#order.windows[at]!;
  }
}

/**
 * The batches of a {@link TextDataset} as a function of their index, for a trainer.
 *
 * @throws ValueError as {@link TextDataset}
 */
export function tokenBatches(options: TextDatasetOptions): (index: number) => TokenBatch {
  const dataset = new TextDataset(options);
  return (index) => dataset.batch(index);
}

/** 0 .. count - 1 in random order, by the Fisher-Yates shuffle. */
function shuffled(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

function resolveOptions(options: TextDatasetOptions): Required<TextDatasetOptions> {
  const { ids, length, batch, seed = 0, shuffle = true } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "length", length, 1);
  checkInteger(operation, "batch", batch, 1);
  checkInteger(operation, "seed", seed, 0);
  if (!(ids?.length > length)) refuse(ValueError, operation, "ids", `more than ${length} tokens (length)`, describeValue(ids));
  return { ids, length, batch, seed, shuffle };
}
