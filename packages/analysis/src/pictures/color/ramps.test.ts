import { describe, expect, it, test } from "vitest";
import { contrast, linear } from "../../testing/contrast.js";
import { pageStyle } from "../report/style.js";
import { svgColors } from "../svg/markup.js";
import { hexOf } from "./color-scale.js";
import { lightness, mix, parseHex, type Rgb } from "./oklab.js";
import { divergingRamp, maskedColors, rampNames, sequentialRamp, type Tone } from "./ramps.js";

const tones: readonly Tone[] = ["light", "dark"];

/** What people without one kind of cone see (Viénot et al. 1999), as rows of a matrix over linear red, green and blue. */
const blindness = {
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1],
  deuteranopia: [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
} as const;

function seen(color: Rgb, kind: keyof typeof blindness): Rgb {
  const light = color.map(linear);
  const row = (start: number): number => light.reduce((sum, channel, index) => sum + blindness[kind][start + index]! * channel, 0);
  const byte = (value: number): number =>
    Math.round(255 * Math.min(1, Math.max(0, value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)));
  return [byte(row(0)), byte(row(3)), byte(row(6))];
}

describe("ramps of weights", () => {
  const cases = rampNames.flatMap((name) =>
    tones.flatMap((tone) => (["none", "protanopia", "deuteranopia"] as const).map((kind) => [name, tone, kind] as const)),
  );

  test.each(cases)("%s on %s: lightness changes in one direction only, seen with %s", (name, tone, kind) => {
    const values = sequentialRamp(name, tone).map((color) => lightness(seen(color, kind)));
    const rising = values.at(-1)! > values[0]! ? 1 : -1;
    for (let step = 1; step < values.length; step++) expect(rising * (values[step]! - values[step - 1]!)).toBeGreaterThan(-0.006);
    expect(Math.abs(values.at(-1)! - values[0]!)).toBeGreaterThan(0.5);
  });
});

describe("the ramp of signed numbers", () => {
  test.each(tones)("on %s its middle is extreme and its ends are equally strong", (tone) => {
    const values = divergingRamp(tone).map(lightness);
    const extreme = tone === "light" ? Math.max(...values) : Math.min(...values);
    expect(Math.abs(values.indexOf(extreme) - 127.5)).toBeLessThan(2);
    expect(Math.abs(values[0]! - values.at(-1)!)).toBeLessThan(0.13);
  });

  test.each(["protanopia", "deuteranopia"] as const)("its halves have different hues, seen with %s", (kind) => {
    for (const tone of tones) {
      const ramp = divergingRamp(tone).map((color) => seen(color, kind));
      for (const step of [20, 60]) {
        const blueness = ([red, , blue]: Rgb): number => blue - red;
        expect(blueness(ramp[255 - step]!) - blueness(ramp[step]!)).toBeGreaterThan(60);
      }
    }
  });
});

describe("contrast", () => {
  const variables = Object.fromEntries(
    Array.from(pageStyle.matchAll(/--(\w+): light-dark\((#\w+), (#\w+)\)/g), ([, name, light, dark]) => [
      name!,
      { light: light!, dark: dark! },
    ]),
  );
  const ratio = (a: string, b: string, tone: Tone): number => contrast(variables[a]![tone], variables[b]![tone]);

  test.each(tones)("text of the page on %s: at least 4.5", (tone) => {
    const grounds = ["page", "panel", "chip"] as const;
    for (const ground of grounds) for (const text of ["ink", "soft"]) expect(ratio(text, ground, tone)).toBeGreaterThan(4.5);
    expect(ratio("panel", "ink", tone)).toBeGreaterThan(4.5);
  });

  test.each(tones)("marks, edges and the focus of the page on %s: at least 3", (tone) => {
    const marks = ["mark", "minus", "edge", "focus"] as const;
    for (const mark of marks) for (const ground of ["page", "panel"]) expect(ratio(mark, ground, tone)).toBeGreaterThan(3);
  });

  test.each(tones)("pictures on %s: text at least 4.5, bars and lines at least 3", (tone) => {
    const { page, ink, line, plus, minus } = svgColors[tone];
    expect(contrast(ink, page)).toBeGreaterThan(4.5);
    for (const mark of [line, plus, minus]) expect(contrast(mark, page)).toBeGreaterThan(3);
    const [ground, hatch] = maskedColors[tone].map(hexOf);
    expect(contrast(hatch!, ground!)).toBeGreaterThan(3);
  });
});

it("mixes black and white to grey, and keeps the ends", () => {
  expect(mix(parseHex("#102030"), parseHex("#ffffff"), 0)).toEqual([16, 32, 48]);
  const [red, green, blue] = mix(parseHex("#000000"), parseHex("#ffffff"), 0.5);
  expect([green, blue]).toEqual([red, red]);
});
