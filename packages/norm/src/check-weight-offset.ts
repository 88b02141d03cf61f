import { checkNumber } from "@tfblocks/tensor-utils";

/** @throws ValueError when the offset is neither 0 nor 1 */
export function checkWeightOffset(operation: string, weightOffset: unknown): void {
  checkNumber(
    operation,
    "weightOffset",
    "0, or 1 where weights are stored as their distance from 1",
    weightOffset,
    (value) => value === 0 || value === 1,
  );
}
