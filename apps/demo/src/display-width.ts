import { stripVTControlCharacters } from "node:util";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** Columns that a text takes in a terminal: 2 for East Asian characters and emoji, none for colour codes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Fills a text with spaces on the right. */
export function padRight(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Fills a text with spaces on the left. */
export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Cuts a text to a width, with an ellipsis where something is lost. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  for (const { segment } of graphemes.segment(text)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A token as a label: what a terminal would obey instead of show is replaced. */
export function printable(token: string): string {
  return token.replace(/[\p{C}\p{Z}]/gu, "\ufffd");
}
