import { displayWidth } from "@tfblocks/command-line";
import type { Ink } from "./ink.js";

/** The page that text is printed on. */
export interface Page {
  readonly columns: number;
  readonly ink: Ink;
}

const widestText = 96;

/** Wraps a text. All lines are indented by `indent`, those after the first also by `hang`. */
export function paragraph({ columns }: Page, text: string, { indent = 0, hang = 0 }: { indent?: number; hang?: number } = {}): string[] {
  const width = Math.max(20, Math.min(columns, widestText));
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      [line, isEmpty] = [" ".repeat(indent + hang), true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** An underlined title. */
export function heading(page: Page, title: string): string[] {
  const lines = paragraph(page, title);
  return ["", ...lines.map(page.ink.bold), "─".repeat(Math.max(...lines.map(displayWidth))), ""];
}

/** A line of code after an empty line. */
export function code({ ink }: Page, line: string): string[] {
  return ["", `  ${ink.bold(line)}`];
}

/** A small title after an empty line. */
export function subheading(page: Page, title: string): string[] {
  return ["", ...paragraph(page, title).map(page.ink.bold)];
}
