import { tensor, tensor2d, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, describeValue, guardAllocation, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkedId } from "./ids.js";

/** Options of {@link padBatch}. */
export interface PadOptions {
  /** The id of the padding. */
  readonly padId: number;
  /** The side of the padding; default `"right"`. Generation needs `"left"`: every sequence ends in the last column. */
  readonly side?: "left" | "right";
  /** Number of columns; default the length of the longest sequence. */
  readonly length?: number | undefined;
}

const optionNames: OptionNames<PadOptions> = { padId: true, side: true, length: true };

/** The result of {@link padBatch}; the caller owns the tensors. */
export interface PaddedBatch {
  /** int32 `[batch, length]` */
  readonly ids: Tensor2D;
  /**
   * bool `[batch, 1, 1, length]`, a mask for attention: true for tokens, which may be attended to, and false for
   * padding. For a model, convert it with `fromTensor(mask, { kind: "keep" })` of `@tfblocks/masks`.
   */
  readonly mask: Tensor4D;
  /** int32 `[batch, length]`: the position of each token in its sequence, from 0; 0 for padding. */
  readonly positions: Tensor2D;
}

const operation = "padBatch";

/**
 * Sequences of token ids as one batch, padded to the same length.
 *
 * @throws ValueError when there is no sequence, one is longer than `length`, an id is not an int32, or an option is
 *   unknown or outside its range
 * @throws AllocationError when the batch does not fit into memory
 */
export function padBatch(sequences: readonly ArrayLike<number>[], options: PadOptions): PaddedBatch {
  const { padId, side, length } = resolveOptions(sequences, options);
  guardAllocation(operation, { ids: [sequences.length, length], positions: [sequences.length, length] });
  const size = sequences.length * length;
  const [ids, mask, positions] = [new Int32Array(size).fill(padId), new Uint8Array(size), new Int32Array(size)];
  for (const [row, sequence] of sequences.entries()) {
    const start = row * length + (side === "left" ? length - sequence.length : 0);
    for (let at = 0; at < sequence.length; at++) {
      ids[start + at] = checkedId(operation, () => `sequences[${row}][${at}]`, sequence[at]!);
      mask[start + at] = 1;
      positions[start + at] = at;
    }
  }
  const shape: [number, number] = [sequences.length, length];
  return {
    ids: tensor2d(ids, shape, "int32"),
    mask: tensor(mask, [shape[0], 1, 1, length], "bool") as Tensor4D,
    positions: tensor2d(positions, shape, "int32"),
  };
}

function resolveOptions(sequences: readonly ArrayLike<number>[], options: PadOptions): Required<PadOptions> & { length: number } {
  const { padId, side = "right", length } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "padId", padId, 0, 2 ** 31 - 1);
  if (side !== "left" && side !== "right") refuse(ValueError, operation, "side", '"left" or "right"', describeValue(side));
  if (!Array.isArray(sequences) || sequences.length === 0) {
    refuse(ValueError, operation, "sequences", "a list of one or more sequences", describeValue(sequences));
  }
  const longest = sequences.reduce((most, each) => Math.max(most, each.length), 0);
  checkInteger(operation, "length", length ?? longest, longest);
  return { padId, side, length: length ?? longest };
}
