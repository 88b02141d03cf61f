import { tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkObject,
  checkUnknown,
  describeValue,
  guardAllocation,
  Random,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkedId } from "./checked-id.js";

/** Windows of a text with the token that follows each; every tensor belongs to the caller. */
export interface TokenBatch {
  /** int32 `[batch, length]` */
  readonly ids: Tensor2D;
  /** int32 `[batch, length]`: `labels[b, t]` follows `ids[b, t]`. */
  readonly labels: Tensor2D;
}

/** Options of {@link TextDataset}. */
export interface TextDatasetOptions {
  /** The tokens of a text; borrowed, and not copied. */
  readonly ids: ArrayLike<number>;
  /** Tokens of a window. */
  readonly length: number;
  /** Windows of a batch. */
  readonly batch: number;
  /** Of the order; any integer from 0, default 0. */
  readonly seed?: number;
  /** Another order in every epoch, default true; else that of the text. */
  readonly shuffle?: boolean;
}

const operation = "TextDataset";

/**
 * Next-token windows of a text: `ids[i · length .. (i + 1) · length]` and, as labels, the same one token later. What is
 * left after the last whole window is not used.
 *
 * A batch depends on the options and its index alone, so a training that goes on from a checkpoint needs only the
 * number. Every epoch has each window once; a batch may end one epoch and begin the next.
 */
export class TextDataset {
  /** Windows of an epoch. */
  readonly windows: number;
  readonly #options: Required<TextDatasetOptions>;
  #order: { readonly epoch: number; readonly windows: Uint32Array } | undefined;

  /** @throws ValueError when an option is unknown or out of its range, or the text is shorter than `length + 1` tokens */
  constructor(options: TextDatasetOptions) {
    this.#options = checkOptions(options);
    this.windows = Math.floor((options.ids.length - 1) / options.length);
  }

  /**
   * The batch of an index from 0, the same at every call.
   *
   * @throws ValueError when the index is no integer >= 0, or an id no int32
   * @throws AllocationError when the batch does not fit memory
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

  /** The window of a place in the endless sequence of epochs. */
  #window(place: number): number {
    const [epoch, at] = [Math.floor(place / this.windows), place % this.windows];
    if (!this.#options.shuffle) return at;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, windows: shuffled(this.windows, new Random(this.#options.seed).split(epoch)) };
    return this.#order.windows[at]!;
  }
}

/** `(index) => new TextDataset(options).batch(index)`, as a trainer takes it; throws as {@link TextDataset}. */
export function tokenBatches(options: TextDatasetOptions): (index: number) => TokenBatch {
  const dataset = new TextDataset(options);
  return (index) => dataset.batch(index);
}

/** 0 .. count - 1 in random order, by Fisher and Yates. */
function shuffled(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

function checkOptions(options: TextDatasetOptions): Required<TextDatasetOptions> {
  const { ids, length, batch, seed = 0, shuffle = true, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  checkInteger(operation, "length", length, 1);
  checkInteger(operation, "batch", batch, 1);
  checkInteger(operation, "seed", seed, 0);
  if (typeof shuffle !== "boolean") refuse(ValueError, operation, "shuffle", "a boolean", describeValue(shuffle));
  if (!(ids?.length > length)) refuse(ValueError, operation, "ids", `more than ${length} tokens (length)`, describeValue(ids));
  return { ids, length, batch, seed, shuffle };
}
