import { tensor, tensor2d, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkObject, checkUnknown, describeValue, guardAllocation, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkedId } from "./checked-id.js";

/** Options of {@link padBatch}. */
export interface PadOptions {
  /** The token that fills. */
  readonly padId: number;
  /** Where it fills; default `"right"`. Generation wants `"left"`, so that every sequence ends at the last column. */
  readonly side?: "left" | "right";
  /** Columns; default the longest sequence's. */
  readonly length?: number | undefined;
}

/** What {@link padBatch} gives; every tensor belongs to the caller. */
export interface PaddedBatch {
  /** int32 `[batch, length]` */
  readonly ids: Tensor2D;
  /**
   * bool `[batch, 1, 1, length]`, as attention takes it: true = a token, which may be attended to. A model takes
   * `fromTensor(mask, { kind: "keep" })` of `@tfblocks/masks`.
   */
  readonly mask: Tensor4D;
  /** int32 `[batch, length]`: places in each sequence from 0; 0 for padding. */
  readonly positions: Tensor2D;
}

const operation = "padBatch";

/**
 * Sequences of token ids as one rectangle, filled up with padding.
 *
 * @throws ValueError when there is no sequence, one is longer than `length`, an id is no int32, or an option is unknown or
 *   out of its range
 * @throws AllocationError when the rectangle does not fit memory
 */
export function padBatch(sequences: readonly ArrayLike<number>[], options: PadOptions): PaddedBatch {
  const { padId, side, length } = checkOptions(sequences, options);
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

function checkOptions(sequences: readonly ArrayLike<number>[], options: PadOptions): Required<PadOptions> & { length: number } {
  const { padId, side = "right", length, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  checkInteger(operation, "padId", padId, 0, 2 ** 31 - 1);
  if (side !== "left" && side !== "right") refuse(ValueError, operation, "side", '"left" or "right"', describeValue(side));
  if (!Array.isArray(sequences) || sequences.length === 0) {
    refuse(ValueError, operation, "sequences", "one sequence or more", describeValue(sequences));
  }
  const longest = sequences.reduce((most, each) => Math.max(most, each.length), 0);
  checkInteger(operation, "length", length ?? longest, longest);
  return { padId, side, length: length ?? longest };
}
