import { displayWidth } from "@tfblocks/command-line";
import { expect, test } from "vitest";
import { type HeatMaps, heatMaps } from "./heat-map.js";
import { colorInk, plainInk } from "./ink.js";

const maps: HeatMaps = {
  queryTokens: ["The", "cat", "sat"],
  keyTokens: ["The", "cat", "sat"],
  weights: [
    [
      [1, 0, 0],
      [0.75, 0.25, 0],
      [0, 0.5, 0.5],
    ],
    [
      [1, 0, 0],
      [0.1, 0.9, 0],
      [0.3, 0.3, 0.4],
    ],
  ],
  allowed: [
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ],
};
const draw = (columns: number, data = maps, ink = plainInk) => heatMaps({ columns, ink }, data);
const full = (heads: number, size: number): HeatMaps => {
  const tokens = Array.from({ length: size }, (_, index) => `token${index}`);
  const head = tokens.map(() => tokens.map(() => 1 / size));
  return {
    queryTokens: tokens,
    keyTokens: tokens,
    weights: Array.from({ length: heads }, () => head),
    allowed: head.map((row) => row.map(() => true)),
  };
};

test("weights are shades, a weight of 0 is blank, and a masked cell is dots", () => {
  expect(draw(80).join("\n")).toMatchInlineSnapshot(`
    "         head 0  head 1
              0 1 2   0 1 2
       0 The ██····  ██····
       1 cat ▓▓░░··    ██··
       2 sat   ▒▒▒▒  ░░░░▒▒

      Rows attend to columns. All heads have the same scale, up to the largest
      weight shown:
      0 |  ░░▒▒▓▓██| 1.000
      ·· masked, exactly 0"
  `);
});

test("maps are below each other if the page is narrow", () => {
  expect(draw(20).join("\n")).toMatchInlineSnapshot(`
    "         head 0
              0 1 2
       0 The ██····
       1 cat ▓▓░░··
       2 sat   ▒▒▒▒

             head 1
              0 1 2
       0 The ██····
       1 cat   ██··
       2 sat ░░░░▒▒

      Rows attend to
      columns. All heads
      have the same
      scale, up to the
      largest weight
      shown:
      0 |  ░░▒▒▓▓██| 1.000
      ·· masked, exactly 0"
  `);
});

test("long texts and many heads are cut, with a note", () => {
  const lines = draw(80, full(9, 30));
  expect(lines.at(-1)).toBe("  Shown are the first 8 of 9 heads, 20 of 30 rows, 20 of 30 columns.");
  expect(lines.join("\n")).not.toContain("token20");
  expect(draw(40, full(1, 30)).join(" ")).toMatch(/12\s+of 30\s+columns/);
});

test("no line is wider than the page", () => {
  for (const columns of [30, 44, 80, 120]) {
    for (const line of draw(columns, full(4, 30))) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test("in colour, cells are backgrounds and masked cells are dots", () => {
  const drawn = draw(80, maps, colorInk(24)).join("\n");
  expect(drawn).toContain("\u001b[48;2;8;48;107m  \u001b[49m");
  expect(drawn).toContain("\u001b[2m··\u001b[22m");
  expect(drawn).not.toMatch(/[░▒▓█]/);
  expect(draw(80, maps, colorInk(8)).join("\n")).toContain("\u001b[48;5;17m");
});
