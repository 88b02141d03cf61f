/** Formats a number with a fixed number of decimals, and null as a dash. */
export function fixed(value: number | null, decimals = 3): string {
  return value === null ? "-" : value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1");
}
