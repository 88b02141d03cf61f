import { refuse, ValueError } from "@tfblocks/tensor-utils";

/** How the numbers of a matrix are rounded. */
export interface Precision {
  /** Bits of a code: 4 or 8. */
  readonly bits: 4 | 8;
  /** Inputs that share a scale: 16, 32, 64 or 128. It divides the number of inputs. */
  readonly groupSize: number;
}

/**
 * @param advice what to do where groupSize does not divide inFeatures
 * @throws ValueError when bits or groupSize is not one of these, or groupSize does not divide inFeatures
 */
export function checkPrecision(
  operation: string,
  { bits, groupSize }: Precision,
  inFeatures: number,
  advice = "choose a smaller one, or leave this matrix as it is",
): void {
  if (bits !== 4 && bits !== 8) refuse(ValueError, operation, "bits", "4 or 8", bits);
  if (![16, 32, 64, 128].includes(groupSize)) refuse(ValueError, operation, "groupSize", "16, 32, 64 or 128", groupSize);
  if (inFeatures % groupSize === 0) return;
  refuse(ValueError, operation, "groupSize", `a divisor of inFeatures = ${inFeatures}`, groupSize, advice);
}
