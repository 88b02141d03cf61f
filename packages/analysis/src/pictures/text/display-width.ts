const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Letters, digits and punctuation of ASCII: one column each. */
const plain = /^[ -~]*$/;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** The width of a text in columns of a terminal: 2 for East Asian characters and emoji; a character with its marks is one. */
export function displayWidth(text: string): number {
  return widthUpTo(text, Infinity);
}

/** {@link displayWidth}, or `most` if it is more: to measure 100,000 characters takes seconds. */
export function widthUpTo(text: string, most: number): number {
  if (plain.test(text)) return Math.min(most, text.length);
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += wide.test(segment) ? 2 : 1;
    if (width >= most) return most;
  }
  return width;
}

/** Cuts a text to a width, with an ellipsis if it is too long. */
export function clip(text: string, width: number): string {
  if (plain.test(text)) return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  // A character is at least one column wide, but may have many marks: those beyond the cut are never measured.
  let cut = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += wide.test(segment) ? 2 : 1;
    if (used > width) return `${clipEnd(cut, width - 1)}…`;
    cut += segment;
  }
  return cut;
}

function clipEnd(text: string, width: number): string {
  const segments = Array.from(graphemes.segment(text), ({ segment }) => segment);
  while (segments.length > 0 && displayWidth(segments.join("")) > width) segments.pop();
  return segments.join("");
}

/** Pads a text with spaces on the left. */
export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Pads a text with spaces on the right. */
export function padRight(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}
