import { hexOf } from "../color/color-scale.js";
import { maskedColors, type Tone } from "../color/ramps.js";
import { escapeHtml } from "../report/html.js";
import { clip, widthUpTo } from "../text/display-width.js";

/** Colours of text and lines in each tone, on a background of its own. */
export const svgColors: Record<
  Tone,
  { readonly page: string; readonly ink: string; readonly line: string; readonly plus: string; readonly minus: string }
> = {
  light: { page: "#ffffff", ink: "#1c1e26", line: "#767a88", plus: "#2a4190", minus: "#a35a12" },
  dark: { page: "#1b1d26", ink: "#eceef5", line: "#767b8d", plus: "#a8c5f7", minus: "#e2944a" },
};

/** Pixels of a column of text, on average; the texts of SVG cannot be measured without a browser. */
export const columnWidth = 7;
export const fontSize = 12;

/** A number for an attribute, with at most 2 decimals. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A whole picture. The title is its name for screen readers, the description what it shows. */
export function svg(width: number, height: number, tone: Tone, title: string, description: string, body: string): string {
  const [w, h] = [px(Math.ceil(width)), px(Math.ceil(height))];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="system-ui, sans-serif" font-size="${fontSize}">` +
    `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>` +
    `<rect width="100%" height="100%" fill="${svgColors[tone].page}"/><g fill="${svgColors[tone].ink}">${body}</g></svg>`
  );
}

/** A text, cut to a number of columns; its full form stands in a `<title>`, that browsers show as a tooltip. */
export function label(text: string, columns: number, attributes: string, full: string = text): string {
  const shown = clip(text, columns);
  const tooltip = shown === full ? "" : `<title>${escapeHtml(full)}</title>`;
  return `<text ${attributes}>${escapeHtml(shown)}${tooltip}</text>`;
}

const longestTitle = 200;

/** The name of a picture, at its top. */
export function titleLabel(title: string, left: number): string {
  return label(title, longestTitle, `x="${left}" y="20" font-size="15" font-weight="600"`);
}

/** The width of {@link titleLabel}. */
export function titleWidth(title: string): number {
  return 9 * widthUpTo(title, longestTitle);
}

/** The pattern of masked cells. Every picture of a tone has the same, so that several in one page do not disturb each other. */
export function hatch(tone: Tone): string {
  const [background, line] = maskedColors[tone].map(hexOf);
  return (
    `<defs><pattern id="tfblocks-masked-${tone}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect width="6" height="6" fill="${background}"/><rect width="1.5" height="6" fill="${line}"/></pattern></defs>`
  );
}

export function hatchFill(tone: Tone): string {
  return `url(#tfblocks-masked-${tone})`;
}
