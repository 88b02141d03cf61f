import { checkObject, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkString } from "../../checks.js";
import type { Tone } from "../color/ramps.js";
import { widthUpTo } from "../text/display-width.js";
import { threeDigits } from "../text/numbers.js";
import { columnWidth, label, px, svg, svgColors, titleLabel, titleWidth } from "./markup.js";
import { toneOf } from "./svg-options.js";

/** A named number. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Options of {@link barsSvg}. */
export interface BarsOptions {
  /** The name of the picture. */
  readonly title: string;
  /** What the numbers are, for example `"logits"`; part of the description. */
  readonly unit?: string | undefined;
  /** The brightness of the page that the picture is for; default `"light"`. */
  readonly tone?: Tone | undefined;
}

const barsOptionNames: OptionNames<BarsOptions> = { title: true, unit: true, tone: true };
const [rowHeight, longestName, barsWidth, padding, head] = [20, 24, 320, 10, 34];

/**
 * Bars with their names and numbers as an SVG picture, for example an offset spectrum or the parts of a logit.
 *
 * Bars start at 0 and share one domain, which is symmetric around 0 if a value is negative. Sign shows by side and by
 * colour.
 *
 * @param bars at least one, drawn from top to bottom
 * @throws ValueError when there is no bar, a value is not finite, or an option is unknown or not one of its choices
 */
export function barsSvg(bars: readonly Bar[], options: BarsOptions): string {
  const { title, unit } = checkOptions("barsSvg", options, barsOptionNames);
  const tone = toneOf("barsSvg", options.tone);
  if (!Array.isArray(bars) || bars.length === 0) refuse(ValueError, "barsSvg", "bars", "at least one bar", describeValue(bars));
  checkString("barsSvg", "title", title);
  if (unit !== undefined) checkString("barsSvg", "unit", unit);
  bars.forEach(checkBar);
  const left = padding + columnWidth * bars.reduce((most, { name }) => Math.max(most, widthUpTo(name, longestName)), 0) + 8;
  const largest = bars.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0) || 1;
  const isSigned = bars.some(({ value }) => value < 0);
  const zero = isSigned ? left + barsWidth / 2 : left;
  const side = isSigned ? barsWidth / 2 : barsWidth;
  const rows = bars.map((bar, row) => drawBar(bar, head + row * rowHeight, { left, zero, side, largest, tone }));
  const bottom = head + bars.length * rowHeight;
  const axis = `<path d="M${px(zero)} ${head}V${px(bottom)}" stroke="${svgColors[tone].line}"/>`;
  const name = titleLabel(title, padding);
  const width = Math.max(left + barsWidth + 80, 2 * padding + titleWidth(title));
  return svg(width, bottom + padding, tone, title, describe(bars, unit), `${name}${rows.join("")}${axis}`);
}

function checkBar(bar: Bar, index: number): void {
  const { name, value } = checkObject("barsSvg", `bars[${index}]`, bar);
  checkString("barsSvg", `bars[${index}].name`, name);
  if (!Number.isFinite(value)) refuse(ValueError, "barsSvg", `bars[${index}].value`, "a finite number", describeValue(value));
}

function drawBar(
  { name, value }: Bar,
  top: number,
  { left, zero, side, largest, tone }: { left: number; zero: number; side: number; largest: number; tone: Tone },
): string {
  const length = (Math.abs(value) / largest) * side;
  const { plus, minus } = svgColors[tone];
  const x = value < 0 ? zero - length : zero;
  return (
    label(name, longestName, `x="${px(left - 8)}" y="${top + 14}" text-anchor="end"`) +
    `<rect x="${px(x)}" y="${top + 3}" width="${px(length)}" height="${rowHeight - 6}" fill="${value < 0 ? minus : plus}"/>` +
    `<text x="${px(left + barsWidth + 8)}" y="${top + 14}">${threeDigits(value)}</text>`
  );
}

function describe(bars: readonly Bar[], unit: string | undefined): string {
  const sorted = bars.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3);
  const largest = sorted.map(({ name, value }) => `${name} ${threeDigits(value)}`).join(", ");
  return `${bars.length} bars${unit === undefined ? "" : ` in ${unit}`}. The largest: ${largest}.`;
}
