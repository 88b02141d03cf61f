import type { Check } from "../../ui/check-list.js";
import { formatNumber } from "../../ui/format.js";
import type { LayerPicture } from "./picture.js";
import type { LayerSettings } from "./settings.js";

const tolerance = 1e-5;

/** Checks a traced layer. */
export function checkLayer({ traced, difference, rowError, allowed, tokens }: LayerPicture, { width }: LayerSettings): Check[] {
  const weights = traced.weights!.values;
  const leaked = weights.reduce((max, weight, cell) => (allowed[cell % allowed.length] === 0 ? Math.max(max, Math.abs(weight)) : max), 0);
  const shape = traced.feedForwardSum!.shape;
  return [
    {
      title: "the parts in sequence give the output of the layer",
      passed: difference < tolerance,
      evidence: `largest difference ${formatNumber(difference)}`,
    },
    { title: "every row of weights sums to 1", passed: rowError < tolerance, evidence: `largest error ${formatNumber(rowError)}` },
    {
      title: "masked weights are exactly 0",
      passed: leaked === 0,
      evidence: allowed.includes(0) ? `${allowed.filter((open) => open === 0).length} cells per head` : "nothing is masked",
    },
    {
      title: "the output has the shape of the input",
      passed: shape[1] === tokens.length && shape[2] === width,
      evidence: `[${shape.join(", ")}]`,
    },
  ];
}
