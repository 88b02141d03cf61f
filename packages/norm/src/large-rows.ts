import { abs, greater, max, scalar, type Tensor, where } from "@tensorflow/tfjs-core";
import { readsWithoutStalling } from "@tfblocks/tensor-utils";

/** From here on the sum of a row, or of its squares, may overflow float32. */
const large = 1e15;

/** A power of 2 that brings the largest float32 to 3e14, whose squares do not overflow; its own square is 0. */
const smallUnit = 2 ** -80;

/** Whether some row overflowed: its rstd is 0 or NaN. Never on a graphics processor, where reading the answer would stall the queue. */
export function hasOverflowed(rstd: Tensor): boolean {
  return readsWithoutStalling() && !rstd.dataSync().every((each) => each > 0);
}

/** The factor that makes each row small enough for its squares, 1 for most: `[..., 1]` for x `[..., features]`. */
export function rowUnits(x: Tensor): Tensor {
  return where(greater(max(abs(x), -1, true), large), scalar(smallUnit), scalar(1));
}
