import { fixed, table } from "@tfblocks/command-line";
import { measureScale, type ScaleExperiment, type ScalePoint } from "@tfblocks/lesson";
import { type Page, paragraph } from "../page.js";
import type { Context, Part } from "../part.js";

const introduction =
  "The dot product of two random vectors of d_k numbers has variance d_k. Without the division by sqrt(d_k), wide heads have large scores: " +
  "the softmax becomes nearly one-hot, and its gradient becomes small. Measured on random queries and keys:";

/** Score variance, entropy, largest weight and gradient by d_k, with and without the factor. */
export const scalePart: Part = {
  title: "Why the scores are divided by sqrt(d_k)",
  async run({ settings, progress }: Context) {
    progress("measuring the effect of sqrt(d_k) (about two seconds)");
    const { checks, ...data } = measureScale({ seed: settings.seed });
    return {
      data,
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...printPoints(page, data),
        "",
        ...paragraph(page, interpret(data, settings.dModel / settings.numHeads), { indent: 2 }),
      ],
    };
  },
};

type ScaleData = Omit<ScaleExperiment, "checks">;

const measures: readonly [title: string, read: (measure: ScalePoint["scaled"]) => string][] = [
  ["score variance", ({ scoreVariance }) => (scoreVariance < 10 ? fixed(scoreVariance, 2) : fixed(scoreVariance, 0))],
  ["entropy", ({ normalizedEntropy }) => fixed(normalizedEntropy)],
  ["max weight", ({ meanMaxWeight }) => fixed(meanMaxWeight)],
  ["gradient", ({ gradient }) => fixed(gradient.mean)],
];

function printPoints(page: Page, { points, draws, numKeys }: ScaleData): string[] {
  const columns = [
    { title: "d_k", align: "right" },
    ...measures.flatMap(([title]) => [
      { title, align: "right" as const },
      { title: "/√d_k", align: "right" as const },
    ]),
  ] as const;
  const rows = points.map(({ headDim, unscaled, scaled }) => [
    String(headDim),
    ...measures.flatMap(([, read]) => [read(unscaled), read(scaled)]),
  ]);
  const notes = `Each measure is shown without and with the factor, for ${draws} queries with ${numKeys} keys each. Entropy is divided by its maximum ln ${numKeys}; max weight is the mean of the largest weights; gradient is the mean Frobenius norm of the softmax's Jacobian.`;
  return ["", ...table(page, columns, rows), "", ...paragraph(page, notes, { indent: 2 })];
}

/** Describes the measured numbers. */
function interpret({ points, collapsesFrom }: ScaleData, headDim: number): string {
  const last = points.at(-1)!;
  const steady = `With the factor the entropy stays near ${fixed(points[0]!.scaled.normalizedEntropy, 2)} and the gradient near ${fixed(last.scaled.gradient.mean, 2)} at every width.`;
  if (collapsesFrom === null) {
    return `${steady} Without it the weights sharpen, but at these widths the gradient keeps more than two thirds of its size.`;
  }
  const collapse = points.find((point) => point.headDim === collapsesFrom)!;
  const small = `Without it the weights sharpen at once, but the gradient falls below two thirds of the scaled one only from d_k\u00a0=\u00a0${collapsesFrom} on (${fixed(collapse.unscaled.gradient.mean, 2)} against ${fixed(collapse.scaled.gradient.mean, 2)}).`;
  const large = `At d_k\u00a0=\u00a0${last.headDim} it is ${fixed(last.unscaled.gradient.mean, 2)} on average and ${last.unscaled.gradient.median.toPrecision(1)} in the median: ${fixed(100 * last.unscaled.saturated, 0)} % of the queries put more than 99 % of their weight on one key.`;
  const here =
    headDim < collapsesFrom
      ? ` The heads of this demo have d_k\u00a0=\u00a0${headDim}, where the loss of gradient is not visible yet.`
      : "";
  return `${steady} ${small} ${large}${here}`;
}
