import { describe, expect, it } from "vitest";
import { attentionMaps } from "../index.js";
import * as pictures from "../pictures.js";
import { normalVectors, scalingTable } from "../scaling.js";

const { barsSvg, gridSvg, headMap, reportLayer, toCsv, toHtml, toJson, toSvg, toText } = pictures;
const wrong = (value: unknown): never => value as never;
const map: pictures.HeadMap = { weights: [1, 0, 0.5, 0.5], allowed: [1, 0, 1, 1], rows: 2, columns: 2 };
const maps = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: null });
const unclear = { weights: [0], allowed: [false], rows: 1, columns: 1 };
const title = { title: "t" };

describe("pictures of wrong maps", () => {
  it.each<[string, () => unknown, string]>([
    ["a head of nothing", () => headMap(wrong(null), 0), "headMap: maps must be attention maps, got null"],
    ["a mask of booleans as text", () => toText(wrong(unclear)), "toText: allowed[0] must be 0 or another number, got false"],
    ["a mask of booleans as CSV", () => toCsv(wrong(unclear)), "toCsv: allowed[0] must be 0 or another number, got false"],
    ["a title of a number", () => toSvg(map, { title: wrong(3) }), "toSvg: title must be a string, got 3"],
    [
      "axes of one name",
      () => toSvg(map, { axes: wrong("token") }),
      'toSvg: axes must be a name for rows and one for columns, got "token"',
    ],
    ["an axis of a number", () => toSvg(map, { axes: ["token", wrong(3)] }), "toSvg: axes[1] must be a string, got 3"],
    ["a unit of a number", () => toSvg(map, { unit: wrong(3) }), "toSvg: unit must be a string, got 3"],
    ["a title of a text", () => toText(map, { title: wrong(3) }), "toText: title must be a string, got 3"],
    ["a bar of nothing", () => barsSvg(wrong([null]), title), "barsSvg: bars[0] must be an object, got null"],
    ["a bar without a name", () => barsSvg(wrong([{ value: 1 }]), title), "barsSvg: bars[0].name must be a string, got undefined"],
    ["bars without a title", () => barsSvg([{ name: "a", value: 1 }], wrong({})), "barsSvg: title must be a string, got undefined"],
    [
      "a grid of one row",
      () => gridSvg(wrong([{ title: "a", map }]), title),
      "gridSvg: rows must be rows with at least one map, got an array of length 1",
    ],
    ["a map without a title", () => gridSvg(wrong([[{ map }]]), title), "gridSvg: the title of a map must be a string, got undefined"],
    ["a model that is no text", () => toJson(map, { model: wrong(3) }), "toJson: model must be a string, got 3"],
    ["a head that is no index", () => toJson(map, { head: Number.NaN }), "toJson: head must be an integer >= 0, got NaN"],
    [
      "a metric that is not finite",
      () => toJson(map, { metrics: [{ name: "a", score: Number.NaN, nullScore: null, lift: null }] }),
      "toJson: metrics.a must be finite numbers, or null where undefined, got NaN",
    ],
    [
      "a layer of nothing",
      () => reportLayer({ name: "a", label: "L0" }, wrong(null)),
      "reportLayer: maps must be attention maps, got null",
    ],
    [
      "scores that are none",
      () => reportLayer({ name: "a", label: "L0" }, maps, { scores: wrong({ a: null }) }),
      "reportLayer: scores.a must be a result for each of 1 heads, got undefined",
    ],
    [
      "vectors beyond memory",
      () => normalVectors({ headDim: 1e9 }),
      "normalVectors: draws · (numKeys + 1) · headDim must be at most 268435456 numbers",
    ],
    ["no vectors", () => scalingTable({ vectors: wrong(null) }), "scalingTable: vectors must be an object, got null"],
  ])("refuse %s", (_name, call, message) => expect(call).toThrow(message));
});

describe("reports of wrong parts", () => {
  const inHead = "report.layers[0].heads[0]";
  const report = (over: object) => () => toHtml(wrong({ version: 1, title: "t", tokens: ["a", "b"], layers: [], ...over }));
  const ofHead = (over: object) =>
    report({ layers: [{ name: "l", label: "L0", heads: [{ head: 0, map, metrics: [], labels: [], ...over }] }] });

  it.each<[string, () => unknown, string]>([
    ["model", report({ model: null }), "report.model must be a string, got null"],
    ["text", report({ text: 3 }), "report.text must be a string, got 3"],
    ["layers", report({ layers: [null] }), "report.layers[0] must be an object, got null"],
    ["heads", report({ layers: [{ label: "L0", heads: [null] }] }), `${inHead} must be an object, got null`],
    ["index of a head", ofHead({ head: "x" }), `${inHead}.head must be an integer >= 0, got "x"`],
    ["map", ofHead({ map: null }), `${inHead}.map must be an object, got null`],
    ["metrics", ofHead({ metrics: [null] }), `${inHead}.metrics[0] must be an object, got null`],
    ["labels", ofHead({ labels: [null] }), `${inHead}.labels[0] must be an object, got null`],
    [
      "largest weights",
      ofHead({ map: { rows: 2, columns: 2, pool: 1, cells: "AAAAAAAAAAA=" } }),
      `${inHead}.map.top must be an object, got undefined`,
    ],
    ["losses", report({ losses: [null] }), "report.losses[0] must be an object, got null"],
    ["attribution", report({ attribution: null }), "report.attribution must be an object, got null"],
    ["patching", report({ patching: null }), "report.patching must be an object, got null"],
    ["lens", report({ lens: { layers: ["a"], positions: [[null]] } }), "report.lens.positions[0][0] must be an object, got null"],
  ])("name the %s", (_name, call, message) => expect(call).toThrow(`toHtml: ${message}`));
});

describe("pictures of long and hostile texts", () => {
  const texts = ["</script><script>alert(1)</script>", `"'\`&<>`, "\u202Eabc", "\0\u0001", "\ud800", "é".repeat(1e5), "\u0300".repeat(1e5)];
  const count = texts.length;
  const large = { weights: new Float32Array(count * count).fill(1 / count), allowed: null, rows: count, columns: count };

  it("measure only what they show", () => {
    const start = performance.now();
    const long = "é".repeat(1e5);
    const drawn = [
      toSvg(large, { rowTokens: texts, columnTokens: texts, title: long }),
      barsSvg(
        texts.map((name) => ({ name, value: -1 })),
        { title: long },
      ),
      gridSvg([[{ title: long, badge: long, map }]], { title: long }),
    ];
    expect(performance.now() - start).toBeLessThan(20_000); // it was more than a minute for each
    for (const svg of drawn) {
      expect(Number(/ width="(\d+)"/.exec(svg)![1])).toBeLessThan(3000);
      expect(svg).not.toMatch(/<script|[\0\ud800]/u);
    }
  });

  it("draw 200,000 bars", () => {
    const losses = Array.from({ length: 200_000 }, () => ({ token: "a", loss: 1 }));
    const html = toHtml({ version: 1, title: "t", tokens: [], layers: [], losses });
    expect(html.split("<tr>").length).toBeGreaterThan(200_000);
  });
});
