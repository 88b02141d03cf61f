import type { Metric } from "@tfblocks/zoo";

/** The metrics of a model as lines with value, target and result. */
export function metricsTable(metrics: readonly Metric[]): string[] {
  const width = Math.max(...metrics.map(({ name }) => name.length));
  return metrics.map(({ name, value, target, met, higherIsBetter }) => {
    const line = `  ${name.padEnd(width)}  ${value.toFixed(4).padStart(8)}`;
    if (target === undefined) return line;
    return `${line}  target ${higherIsBetter ? "≥" : "≤"} ${target}  ${met ? "met" : "NOT MET"}`;
  });
}
