import { checkNumber, isPositive } from "@tfblocks/tensor-utils";

/** @throws ValueError when eps is no finite number above 0, also once rounded to float32 */
export function checkEps(operation: string, eps: unknown): void {
  checkNumber(operation, "eps", "a finite float32 number > 0", eps, isPositive);
}
