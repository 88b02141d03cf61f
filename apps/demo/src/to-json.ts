import type { Check } from "@tfblocks/lesson";
import type { WasmInfo } from "@tfblocks/wasm";
import type { DemoOptions } from "./options.js";
import type { PartReport } from "./part.js";

/** The results of a run. All except `timings` are the same for the same text and options. */
export interface DemoData {
  /** Increased when a field changes its meaning or is removed. */
  readonly version: 1;
  readonly settings: DemoOptions["settings"] & { readonly headDim: number; readonly backend: "wasm"; readonly wasm: BackendData };
  readonly text: string;
  readonly tokens: readonly string[];
  readonly otherText: string;
  readonly otherTokens: readonly string[];
  /** The results of the parts that ran, by name. The types are in `@tfblocks/lesson`. */
  readonly parts: Readonly<Record<string, object>>;
  readonly checks: readonly (Check & { readonly part: string })[];
  /** Whether no check failed. */
  readonly ok: boolean;
  readonly timings: { readonly milliseconds: Readonly<Record<string, number>> } & Readonly<Record<string, object>>;
}

/** The part of the result of `setupWasm` that is printed. */
export type BackendData = Pick<WasmInfo, "kernels" | "simd" | "relaxedSimd" | "threads" | "refusals">;

/** A report with its name and duration. */
export interface NamedReport {
  readonly name: string;
  readonly title: string;
  readonly report: PartReport;
  readonly milliseconds: number;
}

/** Combines the reports of a run. */
export function collectReports(
  input: Pick<DemoData, "text" | "tokens" | "otherText" | "otherTokens">,
  settings: DemoOptions["settings"],
  { kernels, simd, relaxedSimd, threads, refusals }: BackendData,
  reports: readonly NamedReport[],
): DemoData {
  const checks = reports.flatMap(({ name, report }) => report.checks.map((check) => ({ part: name, ...check })));
  return {
    version: 1,
    settings: {
      ...settings,
      headDim: settings.dModel / settings.numHeads,
      backend: "wasm",
      wasm: { kernels, simd, relaxedSimd, threads, refusals },
    },
    ...input,
    parts: Object.fromEntries(reports.map(({ name, report }) => [name, report.data])),
    checks,
    ok: checks.every((check) => check.status !== "failed"),
    timings: {
      milliseconds: Object.fromEntries(reports.map(({ name, milliseconds }) => [name, milliseconds])),
      ...Object.fromEntries(reports.flatMap(({ name, report }) => (report.timings ? [[name, report.timings]] : []))),
    },
  };
}

/** One line of JSON. Fractions have seven significant digits, the precision of float32. */
export function toJson(data: DemoData): string {
  return `${JSON.stringify(data, (_name, value: unknown) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value))}\n`;
}
