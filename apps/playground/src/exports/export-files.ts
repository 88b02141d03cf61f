import type { Remote } from "comlink";
import type { Lazy } from "../compute/lazily.js";
import type { Bar, BarsOptions, GridOptions, GridPanel } from "@tfblocks/analysis/pictures";
import type { ExportFile } from "../ui/export-menu.js";
import { svgToPng } from "../ui/svg-to-png.js";
import { csvText } from "./csv-text.js";
import type { DrawnMap } from "./drawn-map.js";
import type { DrawnValues } from "./drawn-values.js";

/** The functions of the worker that draw. */
type Drawing = Remote<Lazy<typeof import("./worker-calls.js")>>;

/** Makes the files in which pictures can be saved; the worker draws them when the reader asks. */
export class ExportFiles {
  readonly #drawing: () => Promise<Drawing>;

  constructor(drawing: () => Promise<Drawing>) {
    this.#drawing = drawing;
  }

  /** A map as PNG, SVG, JSON and CSV. @param name the files' name without its ending */
  ofMap(name: string, map: DrawnMap): ExportFile[] {
    return [
      ...this.#pictures(name, (drawing) => drawing.mapSvg(map)),
      textFile("JSON", `${name}.json`, async () => (await this.#drawing()).mapJson(map)),
      textFile("CSV", `${name}.csv`, async () => (await this.#drawing()).mapCsv(map)),
    ];
  }

  /** Any numbers as PNG, SVG, JSON and CSV, named by their title. */
  ofValues(values: DrawnValues): ExportFile[] {
    const name = fileNameOf(values.title);
    return [
      ...this.#pictures(name, (drawing) => drawing.valuesSvg(values)),
      textFile("JSON", `${name}.json`, async () => (await this.#drawing()).valuesJson(values)),
      textFile("CSV", `${name}.csv`, async () => (await this.#drawing()).valuesCsv(values)),
    ];
  }

  /** Small maps, usually those of all heads, as PNG, SVG and what else is given. */
  ofMaps(name: string, rows: readonly (readonly GridPanel[])[], options: GridOptions, others: readonly ExportFile[]): ExportFile[] {
    return [...this.#pictures(name, (drawing) => drawing.mapsSvg(rows, options)), ...others];
  }

  /** Bars as PNG, SVG, JSON and CSV. @param subject what they are of, for JSON */
  ofBars(name: string, bars: readonly Bar[], options: BarsOptions, subject: object = {}): ExportFile[] {
    return [
      ...this.picturesOfBars(name, bars, options),
      jsonFile(name, { ...subject, title: options.title, unit: options.unit ?? null, bars }),
      csvFile(name, [["name", "value"], ...bars.map((bar) => [bar.name, bar.value])]),
    ];
  }

  /** Bars as PNG and SVG. */
  picturesOfBars(name: string, bars: readonly Bar[], options: BarsOptions): ExportFile[] {
    return this.#pictures(name, (drawing) => drawing.svgOfBars(bars, options));
  }

  #pictures(name: string, draw: (drawing: Drawing) => Promise<string>): ExportFile[] {
    const svg = async (): Promise<string> => draw(await this.#drawing());
    return [{ format: "PNG", fileName: `${name}.png`, make: async () => svgToPng(await svg()) }, textFile("SVG", `${name}.svg`, svg)];
  }
}

/** A title as the name of a file: "Grammar, L0: queries" becomes "grammar-l0-queries". */
export function fileNameOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}

/** A plain text as a file. */
export function txtFile(name: string, text: string): ExportFile {
  return textFile("TXT", `${name}.txt`, async () => text);
}

/** Data as a JSON file; typed arrays become arrays. */
export function jsonFile(name: string, data: unknown): ExportFile {
  return textFile("JSON", `${name}.json`, async () => JSON.stringify(data, plainArrays));
}

/** Without this a typed array becomes an object with the keys "0", "1", … */
function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}

/** Rows as a CSV file. */
export function csvFile(name: string, rows: readonly (readonly (string | number | null)[])[]): ExportFile {
  return textFile("CSV", `${name}.csv`, async () => csvText(rows));
}

const types: Readonly<Record<string, string>> = { SVG: "image/svg+xml", JSON: "application/json", CSV: "text/csv" };

function textFile(format: string, fileName: string, make: () => Promise<string>): ExportFile {
  return { format, fileName, make: async () => new Blob([await make()], { type: types[format] ?? "text/plain" }) };
}
