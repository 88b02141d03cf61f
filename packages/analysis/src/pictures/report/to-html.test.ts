import { describe, expect, it } from "vitest";
import { causalMap, causalMapOf, hostileTokens, reportOf } from "../../testing/pictures.js";
import type { Report } from "./report.js";
import { toHtml } from "./to-html.js";

const tokens = ["The", " cat", " sat", " down"];
const report = reportOf(tokens, 2, 3);

describe("the page of a report", () => {
  const html = toHtml(report);

  it("forbids the network and every script but its own", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]{44}'; img-src data:; base-uri 'none'; form-action 'none'$/,
    );
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it("has every section with its numbers, also without a script", () => {
    for (const id of ["heads", "metrics", "labels", "lens", "losses", "attribution", "ablation"]) expect(html).toContain(`id="${id}"`);
    for (const words of ["L1·H2", "previousTokenMass", "null 0.100", "lift –", "The maps need JavaScript"]) expect(html).toContain(words);
  });

  it("leaves out empty sections", () => {
    const bare = toHtml({ version: 1, title: "bare", tokens: [], layers: [] });
    expect(bare).not.toMatch(/<section/);
  });

  it("says when maps are not stored whole", () => {
    expect(html).not.toContain("too large to be stored whole");
    const long = Array.from({ length: 70 }, (_, index) => String(index));
    const heads = Array.from({ length: 1100 }, (_, head) => ({
      head,
      map: head === 0 ? causalMapOf(70, 0) : { ...causalMapOf(1, 0) },
      metrics: [],
      labels: [],
    }));
    const layers = heads.map((head, index) => ({
      name: `layers.${index}`,
      label: `L${index}`,
      heads: [head],
      ...(index > 0 && { rowTokens: ["a"], columnTokens: ["a"] }),
    }));
    expect(toHtml({ version: 1, title: "long", tokens: long, layers })).toContain(
      "1 maps are too large to be stored whole (more than 4096 cells each)",
    );
  });

  it("is the same for a report that went through JSON", () => {
    const plain = { ...report, layers: [{ ...report.layers[0]!, heads: [{ ...report.layers[0]!.heads[0]!, map: causalMap }] }] };
    expect(toHtml(JSON.parse(JSON.stringify(plain)) as Report)).toBe(toHtml(plain));
  });
});

describe("hostile text", () => {
  it("is escaped wherever it stands", () => {
    const hostile = toHtml(reportOf(hostileTokens, 1, 2, hostileTokens[0]));
    expect(hostile.match(/<script/g)).toHaveLength(2);
    expect(hostile.match(/<\/script/g)).toHaveLength(2);
    expect(hostile).not.toMatch(/<img|<svg|<!--(?!.*<script>)/);
    expect(hostile).not.toMatch(/[\p{Cs}\0]/u);
  });
});

describe("bad reports", () => {
  const head = report.layers[0]!.heads[0]!;
  const withHead = (changes: object): Report => ({ ...report, layers: [{ ...report.layers[0]!, heads: [{ ...head, ...changes }] }] });

  it.each<[string, unknown, string]>([
    ["no object", null, "report must be an object, got null"],
    ["another version", { ...report, version: 2 }, "report.version must be 1, got 2"],
    ["no title", { ...report, title: undefined }, "report.title must be a string, got undefined"],
    ["a token that is a number", { ...report, tokens: [1] }, "report.tokens[0] must be a string, got 1"],
    ["too few tokens", { ...report, tokens: ["a"] }, "report.layers[0].heads[0].map.rows must be 1, as many as rowTokens, got 4"],
    [
      "a map of another size",
      withHead({ map: { ...causalMap, weights: [1] } }),
      "report.layers[0].heads[0].map.weights must be 16 numbers for [4, 4]",
    ],
    [
      "a weight above 1",
      withHead({ map: { ...causalMap, weights: Array.from({ length: 16 }, () => 3) } }),
      "weights[0, 0] must be a number from 0 to 1, got 3",
    ],
    [
      "NaN as a score",
      withHead({ metrics: [{ name: "m", score: Number.NaN, nullScore: null, lift: null }] }),
      "report.layers[0].heads[0].metrics.m must be finite numbers",
    ],
    [
      "a lens without its layers",
      { ...report, lens: { layers: ["a"], positions: [] } },
      "report.lens.positions must be 1, as many as lens.layers, got 0",
    ],
    ["an infinite loss", { ...report, losses: [{ token: "a", loss: Infinity }] }, "report.losses must be finite numbers"],
  ])("%s is refused", (_, bad, message) => expect(() => toHtml(bad as Report)).toThrow(message));
});
