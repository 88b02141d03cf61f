import { formatNumber } from "../../ui/format.js";
import { explainMachine } from "./explain-machine.js";
import { type Figures, threadCount } from "./figures.js";
import { type FigureRow, figureRows } from "./figure-rows.js";

/** A number of bytes in megabytes, with its unit. */
export const megabytes = (bytes: number): string => `${formatNumber(bytes / 1e6)} MB`;

/** A range of milliseconds and the number of runs. */
export function formatSpread({ least, most, runs }: NonNullable<FigureRow["spread"]>): string {
  return `${formatNumber(least)}–${formatNumber(most)} ms, ${runs === 1 ? "1 run" : `${runs} runs`}`;
}

/** The figures as text to paste into a message. */
export function figuresAsText(figures: Figures): string {
  const facts = explainMachine(figures.all.info, figures.processors).map(({ name, value }) => `${name}: ${value}`);
  return [
    `Measured in the tfblocks playground, ${figures.measuredAt}`,
    figures.browser,
    facts.join("; "),
    "Times are medians, with the range of the runs. Memory is the most that one call holds, without its inputs.",
    ...figureRows(figures).map(rowAsText),
    ...rates(figures),
  ].join("\n");
}

function rowAsText({ what, size, threads, value, unit, spread }: FigureRow): string {
  const number = unit === "bytes" ? megabytes(value) : `${formatNumber(value)} ${unit}`;
  const range = spread === null ? "" : ` (${formatSpread(spread)})`;
  return `${what}, ${size}, ${threadCount(threads)}: ${number}${range}`;
}

/** What follows from the times. */
function rates({ all, single, generation }: Figures): string[] {
  const products = [all, ...(single === null ? [] : [single])].flatMap(({ info, products: points }) => {
    const best = points.toSorted((a, b) => b.gigaflops - a.gigaflops)[0];
    return best === undefined
      ? []
      : [`fastest matrix product, ${best.size} × ${best.size}, ${threadCount(info.threads.got)}: ${formatNumber(best.gigaflops)} GFLOP/s`];
  });
  return generation === null
    ? products
    : [...products, `writing with ${generation.title}: ${formatNumber(generation.tokensPerSecond)} tokens/s`];
}

/** The figures as the rows of a table, with a header. */
export function figureTable(figures: Figures): (string | number | null)[][] {
  const header = ["what", "size", "threads", "median", "unit", "least", "most", "runs"];
  const rows = figureRows(figures).map(({ what, size, threads, value, unit, spread }) => {
    const { least, most, runs } = spread ?? { least: null, most: null, runs: null };
    return [what, size, threads, value, unit, least, most, runs];
  });
  return [header, ...rows];
}
