import type { Check } from "../../ui/check-list.js";
import { formatNumber } from "../../ui/format.js";
import type { AttentionPicture } from "./picture.js";

const rowTolerance = 1e-5;

/** Checks the numbers of a picture. */
export function checkPicture(picture: AttentionPicture): Check[] {
  return [rowsSumToOne(picture), maskedAreZero(picture), keepsDimensions(picture)];
}

function rowsSumToOne({ stages, allowed, queryTokens, keyTokens }: AttentionPicture): Check {
  const columns = keyTokens.length;
  const weights = stages.probabilities;
  let [worst, empty] = [0, 0];
  for (let start = 0; start < weights.length; start += columns) {
    const row = (start / columns) % queryTokens.length;
    const open = allowed.subarray(row * columns, (row + 1) * columns).includes(1);
    let sum = 0;
    for (let key = 0; key < columns; key++) sum += weights[start + key]!;
    worst = Math.max(worst, Math.abs(sum - (open ? 1 : 0)));
    if (!open) empty += 1;
  }
  const rows = `${weights.length / columns} rows, largest error ${formatNumber(worst)}`;
  return {
    title: empty === 0 ? "every row of weights sums to 1" : "every row of weights sums to 1, or to 0 if every key is masked",
    passed: worst <= rowTolerance,
    evidence: empty === 0 ? rows : `${rows}, ${empty} fully masked`,
  };
}

function maskedAreZero({ stages, allowed }: AttentionPicture): Check {
  const { probabilities, masked } = stages;
  let [closed, wrong] = [0, 0];
  for (let cell = 0; cell < probabilities.length; cell++) {
    if (allowed[cell % allowed.length] === 1) continue;
    closed += 1;
    if (probabilities[cell] !== 0 || masked[cell] !== -Infinity) wrong += 1;
  }
  return {
    title: "masked weights are exactly 0",
    passed: wrong === 0,
    evidence: closed === 0 ? "nothing is masked" : `${closed - wrong} of ${closed} cells`,
  };
}

function keepsDimensions({ queryTokens, heads, headDim, outputShape }: AttentionPicture): Check {
  const expected = [1, queryTokens.length, heads * headDim];
  return {
    title: "the output has the shape of the queries",
    passed: expected.join() === outputShape.join(),
    evidence: `[${outputShape.join(", ")}]`,
  };
}
