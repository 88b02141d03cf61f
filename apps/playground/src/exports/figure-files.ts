import { figuresSvg } from "../ui/drawn-svg.js";
import type { ExportFile } from "../ui/export-menu.js";
import { svgToPng } from "../ui/svg-to-png.js";
import { csvFile, jsonFile } from "./export-files.js";

/** Charts that the page has drawn. */
interface DrawnFigure {
  /** The name of the files, without an ending. */
  readonly name: string;
  /** Selects the element with the charts. */
  readonly figure: string;
  /** Selects the titles in it, if there are any outside of charts. */
  readonly titles?: string;
}

/** What is saved of charts that the page has drawn. */
export interface SavedFigure extends DrawnFigure {
  readonly data: unknown;
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Charts as they are seen, as PNG and SVG; their numbers as JSON and CSV. */
export function figureFiles({ data, rows, ...figure }: SavedFigure): ExportFile[] {
  return [...figurePictures(figure), jsonFile(figure.name, data), csvFile(figure.name, rows)];
}

/** Charts as they are seen, as PNG and SVG. */
export function figurePictures({ name, figure, titles }: DrawnFigure): ExportFile[] {
  const draw = (): string => {
    const element = document.querySelector(figure);
    if (element === null) throw new Error("The picture is not shown yet. Try again in a moment.");
    return figuresSvg(element, titles);
  };
  return [
    { format: "PNG", fileName: `${name}.png`, make: () => svgToPng(draw()) },
    { format: "SVG", fileName: `${name}.svg`, make: async () => new Blob([draw()], { type: "image/svg+xml" }) },
  ];
}
