import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import type { AttentionCost, BackendFigures } from "./figures.js";
import { megabytes } from "./write-figures.js";

/** Why attention grows with n², and what the fused kernel saves, in the numbers of this machine. */
export function GrowthAnswer({ figures: { heads, headDim, attention } }: { readonly figures: BackendFigures }): JSX.Element {
  const both = attention.flatMap(({ length, composed, fused }) => (composed && fused ? [{ length, composed, fused }] : []));
  const [before, last] = [both.at(-2), both.at(-1)];
  return (
    <>
      <p>
        Every token is compared with every token: n × n scores for each head, each a dot product of {headDim} numbers. Twice the tokens are
        four times the pairs, so in the long run four times the time, however it is computed. Short texts grow more slowly, because the
        start of each operation costs the same at any length.
      </p>
      {before !== undefined && last !== undefined && (
        <p>
          Here, from n = {before.length} to {last.length}, time grew {growth(before.composed, last.composed, time)} composed and{" "}
          {growth(before.fused, last.fused, time)} fused; memory {growth(before.composed, last.composed, bytes)} and{" "}
          {growth(before.fused, last.fused, bytes)}. At n = {last.length} the scores of {heads} heads alone are {heads} × {last.length} ×{" "}
          {last.length} × 4 bytes = {megabytes(4 * heads * last.length ** 2)}, and the output {heads} × {last.length} × {headDim} × 4 bytes
          = {megabytes(4 * heads * last.length * headDim)}.
        </p>
      )}
      <p>
        The fused kernel keeps, for each query, only the largest score so far, the sum of the exponentials, and the weighted sum of values.
        That is enough for softmax: when a larger score comes, it scales both sums down. So its memory is that of the output and some
        scratch space, which grow with n, and it does not wait for a matrix that is larger than the caches.
      </p>
    </>
  );
}

const time = (cost: AttentionCost): number => cost.time.median;
const bytes = (cost: AttentionCost): number => cost.peakBytes;
const growth = (before: AttentionCost, after: AttentionCost, read: (cost: AttentionCost) => number): string =>
  `${formatNumber(read(after) / read(before))} times`;
