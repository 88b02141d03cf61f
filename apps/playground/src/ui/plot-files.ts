import { background, copyDrawn, fontOf, svgElement } from "./drawn-svg.js";
import type { ExportFile } from "./export-menu.js";
import type { PlotLine, PlotMark } from "./plot-line.js";
import { svgToPng } from "./svg-to-png.js";

/** What is saved of a plot. */
export interface SavedPlot {
  /** The name of the files, without an ending. */
  readonly name: string;
  readonly xName: string;
  readonly xs: ArrayLike<number>;
  readonly lines: readonly PlotLine[];
  readonly marks?: readonly PlotMark[];
  /** The element with the plot and its legend. */
  readonly element: () => HTMLElement | null;
}

const [keyHeight, keyPadding] = [20, 12];

/** The files of a plot: as it is seen, and its numbers. */
export function plotFiles(plot: SavedPlot): ExportFile[] {
  const file = (format: string, type: string, make: () => string): ExportFile => ({
    format,
    fileName: `${plot.name}.${format.toLowerCase()}`,
    make: async () => new Blob([make()], { type }),
  });
  return [
    { format: "PNG", fileName: `${plot.name}.png`, make: async () => svgToPng(plotSvg(plot)) },
    file("SVG", "image/svg+xml", () => plotSvg(plot)),
    file("CSV", "text/csv", () => plotCsv(plot)),
    file("JSON", "application/json", () => plotJson(plot)),
  ];
}

/** One row for each value: the line, the x and the value. */
export function plotCsv({ xName, xs, lines }: SavedPlot): string {
  const rows = lines.flatMap(({ name, values, xs: own = xs }) =>
    Array.from({ length: own.length }, (_, at) => `${quoted(name)},${own[at]},${values[at]}`),
  );
  return [`line,${quoted(xName)},value`, ...rows, ""].join("\r\n");
}

function plotJson({ name, xName, xs, lines, marks = [] }: SavedPlot): string {
  const saved = lines.map((line) => ({ name: line.name, x: Array.from(line.xs ?? xs), y: Array.from(line.values) }));
  return JSON.stringify({ version: 1, plot: name, xName, lines: saved, marks });
}

/** A text as a field of CSV; an apostrophe keeps a spreadsheet from reading it as a formula. */
function quoted(text: string): string {
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** The plot as it is drawn, with its legend below. */
function plotSvg({ element, lines }: SavedPlot): string {
  const plot = element();
  const svg = plot?.querySelector<SVGSVGElement>(".line-plot-area svg");
  if (plot === null || svg === null || svg === undefined) throw new Error("The plot is not shown yet. Try again in a moment.");
  const copy = copyDrawn(svg);
  const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value];
  const full = height + keyPadding + keyHeight * lines.length;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("height", String(full));
  copy.setAttribute("viewBox", `0 0 ${width} ${full}`);
  copy.prepend(background(width, full, plot));
  for (const [row, key] of [...plot.querySelectorAll<HTMLElement>(".plot-key")].entries()) {
    copy.append(...keyParts(key, height + keyPadding + row * keyHeight));
  }
  return new XMLSerializer().serializeToString(copy);
}

/** A line of the legend: the sample of the line, and its name with its value. */
function keyParts(key: HTMLElement, top: number): SVGElement[] {
  const sample = copyDrawn(key.querySelector("path")!);
  sample.setAttribute("transform", `translate(12 ${top})`);
  const { color } = getComputedStyle(key);
  const text = svgElement("text", { x: "46", y: String(top + 9), fill: color, style: fontOf(key) });
  text.textContent = key.textContent;
  return [sample, text];
}
