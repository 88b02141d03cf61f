type Field = string | number | null;

/** Rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvText(rows: Iterable<readonly Field[]>): string {
  return Array.from(rows, (row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function csvField(value: Field): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
