import { expect, test } from "vitest";
import { chooseInk, colorInk } from "./ink.js";

const terminal = (depth: number) => ({ isTTY: true, getColorDepth: () => depth });

test("colour needs a terminal with colour and no NO_COLOR, or FORCE_COLOR", () => {
  expect(chooseInk(terminal(24), {}).hasColor).toBe(true);
  expect(chooseInk(terminal(24), { NO_COLOR: "1" }).hasColor).toBe(false);
  expect(chooseInk(terminal(24), { NO_COLOR: "1", FORCE_COLOR: "1" }).hasColor).toBe(false);
  expect(chooseInk(terminal(1), {}).hasColor).toBe(false);
  expect(chooseInk({}, {}).hasColor).toBe(false);
  expect(chooseInk({}, { FORCE_COLOR: "1" }).hasColor).toBe(true);
});

test("the ramp only gets darker", () => {
  const lightness = Array.from({ length: 20 }, (_, step) => {
    const [red, green, blue] = /48;2;(\d+);(\d+);(\d+)m/
      .exec(colorInk(24).shade(step / 19, " "))!
      .slice(1)
      .map(Number) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  expect(lightness).toEqual(lightness.toSorted((a, b) => b - a));
});
