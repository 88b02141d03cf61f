import { formatNumber } from "./format.js";

/** A number with its sign, "+0.52" or "−0.0310", because it is a change; 0 has none. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** A number with its sign and two decimals, for small cells: "+0.52", "−0.03", "0.00". */
export function formatSignedShort(value: number): string {
  const digits = Math.abs(value).toFixed(Math.abs(value) < 100 ? 2 : 0);
  if (Number(digits) === 0) return digits;
  return `${value < 0 ? "−" : "+"}${digits}`;
}
