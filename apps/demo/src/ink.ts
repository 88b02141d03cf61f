/** Styles for text; without colour they return the text unchanged. */
export interface Ink {
  readonly hasColor: boolean;
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  /** Text on a background from light (0) to dark blue (1). */
  readonly shade: (share: number, text: string) => string;
}

/** The properties of a stream that decide about colour. */
export interface ColorSupport {
  readonly isTTY?: boolean | undefined;
  getColorDepth?(env?: object): number;
}

const lightToDark = [
  [247, 251, 255],
  [222, 235, 247],
  [198, 219, 239],
  [158, 202, 225],
  [107, 174, 214],
  [66, 146, 198],
  [33, 113, 181],
  [8, 81, 156],
  [8, 48, 107],
] as const;
const lightToDark256 = [231, 195, 153, 117, 75, 68, 26, 19, 17] as const;

/** Colour if the terminal supports it and NO_COLOR is not set, or if FORCE_COLOR is set. */
export function chooseInk(stream: ColorSupport, env: Readonly<Record<string, string | undefined>>): Ink {
  if (env.NO_COLOR || env.FORCE_COLOR === "0") return plainInk;
  if (env.FORCE_COLOR) return colorInk(24);
  const depth = stream.isTTY ? (stream.getColorDepth?.(env) ?? 1) : 1;
  return depth >= 8 ? colorInk(depth) : plainInk;
}

const same = (text: string): string => text;

/** Styles without colour. */
export const plainInk: Ink = { hasColor: false, bold: same, faint: same, good: same, bad: same, shade: (_share, text) => text };

/** Styles with colour. @param depth bits of colour: 24, or 8 for the 256-colour palette */
export function colorInk(depth: number): Ink {
  const mark = (start: string, end: string) => (text: string) => `\u001b[${start}m${text}\u001b[${end}m`;
  const background = (share: number) => (depth >= 24 ? `48;2;${mixed(share).join(";")}` : `48;5;${lightToDark256[nearest(share)]}`);
  return {
    hasColor: true,
    bold: mark("1", "22"),
    faint: mark("2", "22"),
    good: mark("32", "39"),
    bad: mark("1;31", "22;39"),
    shade: (share, text) => `\u001b[${background(share)}m${text}\u001b[49m`,
  };
}

function nearest(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * (lightToDark.length - 1));
}

/** Interpolates linearly in RGB, which is good enough because the lightness of the ramp falls evenly. */
function mixed(share: number): number[] {
  const place = Math.min(1, Math.max(0, share)) * (lightToDark.length - 1);
  const [from, to] = [lightToDark[Math.floor(place)]!, lightToDark[Math.ceil(place)]!];
  return from.map((channel, index) => Math.round(channel + (to[index]! - channel) * (place % 1)));
}
