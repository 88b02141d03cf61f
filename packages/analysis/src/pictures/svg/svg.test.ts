import { describe, expect, it } from "vitest";
import { weightScale } from "../color/color-scale.js";
import { causalMap, causalMapOf, hostileTokens } from "../../testing/pictures.js";
import { barsSvg } from "./bars-svg.js";
import { cellImage, cellRects } from "./cells.js";
import { gridSvg } from "./grid-svg.js";
import { poolMap } from "./pool-map.js";
import { toSvg } from "./to-svg.js";

describe("cells", () => {
  it("are merged along rows where colours are equal, and hatched where masked", () => {
    const map = { weights: [0.5, 0.5, 0, 1, 0, 0], allowed: [1, 1, 0, 1, 1, 1], rows: 2, columns: 3 };
    expect(cellRects(map, weightScale("blues", "light"), "light", { left: 10, top: 20, cell: 5 })).toMatchInlineSnapshot(
      `"<g shape-rendering="crispEdges"><rect x="10" y="20" width="10" height="5" fill="#5b7cc4"/><rect x="10" y="25" width="5" height="5" fill="#161f57"/><rect x="15" y="25" width="10" height="5" fill="#f8f8f4"/><path d="M20 20h5v5h-5z" fill="url(#tfblocks-masked-light)"/></g>"`,
    );
  });

  it("are one image beyond 64 × 64", () => {
    expect(toSvg(causalMapOf(64, 1))).not.toContain("<image");
    const large = toSvg(causalMapOf(65, 1));
    expect(large.match(/<image /g)).toHaveLength(1);
    expect(large).toContain('href="data:image/png;base64,');
  });

  it("of a masked map never read its masked weights", () => {
    const read = (cell: string | symbol): number =>
      causalMap.allowed![Number(cell)] === 0 ? expect.fail("read a masked cell") : causalMap.weights[Number(cell)]!;
    const weights = new Proxy<number[]>([], { get: (_, name) => (name === "length" ? 16 : read(name)) });
    const scale = weightScale("viridis", "dark");
    for (const draw of [cellRects, cellImage]) draw({ ...causalMap, weights }, scale, "dark", { left: 0, top: 0, cell: 1 });
    expect(toSvg({ ...causalMap, weights })).toBe(toSvg(causalMap));
  });
});

describe("pooling", () => {
  it("keeps the largest magnitude of each block, and masks a block only as a whole", () => {
    const map = { weights: [1, -3, 9, 9, 2, 0, 9, 9, 0, 0, 5, 9], allowed: [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0], rows: 3, columns: 4 };
    expect(poolMap(map, 2)).toEqual({ weights: Float32Array.of(-3, 0, 0, 5), allowed: Uint8Array.of(1, 0, 1, 1), rows: 2, columns: 2 });
    expect(poolMap(map, 4)).toBe(map);
  });
});

describe("pictures", () => {
  const signed = { weights: [-2, 1, 0, 0.5], allowed: null, rows: 2, columns: 2 };

  it("have a name, a description, axis words and a legend with its ends", () => {
    const svg = toSvg(causalMap, { title: "L0·H3", rowTokens: ["a", "b", "c", "d"] });
    expect(svg).toMatch(
      /^<svg [^>]*role="img"[^>]*><title>L0·H3<\/title><desc>Heat map of 4 queries \(rows\) by 4 keys \(columns\): a row attends to columns/,
    );
    for (const words of ["key (column)", "query (row)", ">weight<", ">0<", ">1<", ">masked<"]) expect(svg).toContain(words);
  });

  it("have the key of masked cells only when a cell is masked", () => {
    expect(toSvg({ ...causalMap, allowed: null })).not.toContain("masked<");
  });

  it("of signed numbers have a scale that is symmetric around 0", () => {
    expect(toSvg(signed, { signed: true })).toContain(">−2<");
    expect(toSvg(signed, { signed: true, limit: 4 })).toContain(">−4<");
    expect(() => toSvg(signed)).toThrow("weights[0, 0] must be a number from 0 to 1, got -2");
    expect(() => toSvg(causalMap, { limit: 1 })).toThrow("limit must be left out unless signed is true");
  });

  it("of other numbers name their axes and unit", () => {
    const svg = toSvg(signed, { signed: true, axes: ["token", "a < b"], unit: "x & y" });
    expect(svg).toContain("<desc>Heat map of 2 rows (token) by 2 columns (a &#60; b). Colours show the x &#38; y from -2 to 2.</desc>");
    for (const words of [">a &#60; b (column)<", ">token (row)<", ">x &#38; y<"]) expect(svg).toContain(words);
  });

  it("of other numbers have cells that need not be square", () => {
    const wide = { weights: Array.from({ length: 320 }, (_, cell) => (cell < 160 ? 1 : -1)), allowed: null, rows: 2, columns: 160 };
    const cellsOf = (svg: string): (string | undefined)[] =>
      Array.from(
        svg.matchAll(/width="([\d.]+)" height="([\d.]+)" fill="#(?:7f3b08|1a2f7a)"/g),
        ([, width, height]) => `${width} × ${height}`,
      );
    const options = { signed: true, limit: 1 };
    expect(cellsOf(toSvg(wide, options)).slice(0, 2)).toEqual(["640 × 4", "640 × 4"]);
    expect(cellsOf(toSvg(wide, { ...options, axes: ["token", "unit"] })).slice(0, 2)).toEqual(["640 × 20", "640 × 20"]);
  });

  it("cut long tokens and keep the full token as a tooltip", () => {
    const size = hostileTokens.length;
    const svg = toSvg(causalMapOf(size, 1), { rowTokens: hostileTokens });
    expect(svg).toContain(`…<title>${"a".repeat(300)}</title>`);
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("<img");
  });
});

describe("bars", () => {
  it("start at 0 and share one domain", () => {
    const svg = barsSvg(
      [
        { name: "a", value: 2 },
        { name: "b", value: -1 },
      ],
      { title: "Parts" },
    );
    expect(Array.from(svg.matchAll(/<rect x="([\d.]+)"[^>]* width="([\d.]+)"/g), ([, x, width]) => [Number(x), Number(width)])).toEqual([
      [185, 160],
      [105, 80],
    ]);
    expect(() => barsSvg([], { title: "none" })).toThrow("bars must be at least one bar");
    expect(() => barsSvg([{ name: "a", value: Number.NaN }], { title: "x" })).toThrow("bars[0].value must be a finite number, got NaN");
  });
});

describe("a grid", () => {
  it("has one scale, titles and badges", () => {
    const panel = { title: "L0·H0", badge: "previous", map: causalMapOf(100, 1) };
    const svg = gridSvg([[panel, { ...panel, title: "L0·H1" }], [{ ...panel, title: "L1·H0" }]], { title: "Heads" });
    expect(svg.match(/<image /g)).toHaveLength(3);
    for (const words of ["L0·H1", "L1·H0", "previous", "3 heat maps in 2 rows"]) expect(svg).toContain(words);
    expect(svg.match(/>weight</g)).toHaveLength(1);
    expect(() => gridSvg([], { title: "none" })).toThrow("rows must be rows with at least one map");
  });
});
