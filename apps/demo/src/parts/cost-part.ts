import { fixed, table } from "@tfblocks/command-line";
import { type CostExperiment, measureCost } from "@tfblocks/lesson";
import { bytes } from "../format.js";
import { type Page, paragraph } from "../page.js";
import type { Context, Part } from "../part.js";

const introduction =
  "Every token attends to every token: the scores are n × n numbers per head, with O(n² d) multiply-adds and O(n²) memory; the projections take O(n d²). All rows are independent, so they can be computed in parallel.";

/** The time and memory of self-attention by the length of the text. */
export const costPart: Part = {
  title: "Cost: how time and memory grow with the length n",
  async run({ settings, progress }: Context) {
    progress("timing attention at n = 32 to 512 (about two seconds)");
    const { checks, timings, ...data } = await measureCost({
      ...settings,
      onLength: (length) => progress(`timing attention at n = ${length}`),
    });
    const all = { checks, timings, ...data };
    return {
      data,
      timings,
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        "",
        ...printCost(page, all),
        "",
        ...paragraph(page, interpret(all, settings.dModel), { indent: 2 }),
      ],
    };
  },
};

function printCost(page: Page, { points, timings }: CostExperiment): string[] {
  const titles = ["n", "time of one call", "weights (n × n)", "peak memory", "attention / projections"];
  const rows = points.map((point, index) => {
    const share = point.attentionMultiplyAdds / point.projectionMultiplyAdds;
    return [
      String(point.length),
      `${fixed(timings.points[index]!.milliseconds, 1)} ms`,
      bytes(point.weightBytes),
      bytes(point.peakBytes),
      fixed(share, 2),
    ];
  });
  return table(
    page,
    titles.map((title) => ({ title, align: "right" }) as const),
    rows,
  );
}

function interpret({ fittedLengths, memoryExponent, timings }: CostExperiment, dModel: number): string {
  const [from, to] = [fittedLengths[0]!, fittedLengths.at(-1)!];
  return (
    `Between n = ${from} and ${to} the time of one call grew as n^${fixed(timings.timeExponent, 2)} and its peak memory as n^${fixed(memoryExponent, 2)} (1: doubling the text doubles it, 2: quadruples it). ` +
    `The projections are linear in n, scores and context quadratic. Above n = 2 × dModel = ${2 * dModel}, scores and context need more multiply-adds than the projections. ` +
    "Times are medians of one thread on the WASM backend of tfjs, without fused kernels; peak memory is the size of all tensors."
  );
}
