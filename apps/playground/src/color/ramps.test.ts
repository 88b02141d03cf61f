import { expect, test } from "vitest";
import { lightness, mix, parseHex } from "./oklab.js";
import { divergingRamp, rampNames, sequentialRamp } from "./ramps.js";

const tones = ["light", "dark"] as const;
const lightnesses = (colors: readonly (readonly [number, number, number])[]): number[] => colors.map(lightness);

test.each(rampNames.flatMap((name) => tones.map((tone) => [name, tone] as const)))(
  "the lightness of %s on %s changes in one direction only",
  (name, tone) => {
    const values = lightnesses(sequentialRamp(name, tone));
    const rising = values.at(-1)! > values[0]! ? 1 : -1;
    for (let step = 1; step < values.length; step++) expect(rising * (values[step]! - values[step - 1]!)).toBeGreaterThan(-0.004);
    expect(Math.abs(values.at(-1)! - values[0]!)).toBeGreaterThan(0.5);
  },
);

test.each(tones)("the diverging ramp on %s has its extreme in the middle and equally strong ends", (tone) => {
  const values = lightnesses(divergingRamp(tone));
  const extreme = tone === "light" ? Math.max(...values) : Math.min(...values);
  expect(Math.abs(values.indexOf(extreme) - 127.5)).toBeLessThan(2);
  expect(Math.abs(values[0]! - values.at(-1)!)).toBeLessThan(0.13);
});

test("mixing keeps the ends, and black and white mix to grey", () => {
  expect(mix(parseHex("#102030"), parseHex("#ffffff"), 0)).toEqual([16, 32, 48]);
  expect(mix(parseHex("#000000"), parseHex("#ffffff"), 1)).toEqual([255, 255, 255]);
  const [red, green, blue] = mix(parseHex("#000000"), parseHex("#ffffff"), 0.5);
  expect([green, blue]).toEqual([red, red]);
});
