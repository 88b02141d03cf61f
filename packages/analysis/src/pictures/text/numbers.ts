/** A number with 3 significant digits, as in `0.120`, without an exponent from 0.0001 to 999,999; `–` for null. */
export function threeDigits(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace("-", "−").replace("e+", "e").replace("e-", "e−");
  return signed(size >= 1000 ? Math.round(value).toString() : value.toPrecision(3));
}

/** A weight from 0 to 1 with three digits behind the point, as in `.420`; `1.00` for 1. */
export function weightText(weight: number): string {
  const text = weight.toFixed(3);
  return text.startsWith("0") ? text.slice(1) : weight.toFixed(2);
}

function signed(text: string): string {
  return text.startsWith("-") ? `−${text.slice(1)}` : text;
}
