import type { HeadMap } from "../pictures/head-map.js";
import type { Report } from "../pictures/report/report.js";

/** A causal map: the F1 example of a head, 4 × 4. */
export const causalMap: HeadMap = {
  weights: [1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.2, 0.3, 0.5, 0, 0.1, 0.15, 0.5, 0.25],
  allowed: [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1],
  rows: 4,
  columns: 4,
};

/** A causal map of any size, with every row a distribution that depends on the seed. */
export function causalMapOf(size: number, seed: number): HeadMap {
  const weights = new Float32Array(size * size);
  const allowed = new Uint8Array(size * size);
  for (let row = 0; row < size; row++) {
    const raw = Array.from({ length: row + 1 }, (_, column) => 1 + ((row * 7 + column * 13 + seed * 29) % 17) ** 2);
    const sum = raw.reduce((total, value) => total + value, 0);
    raw.forEach((value, column) => {
      weights[row * size + column] = value / sum;
      allowed[row * size + column] = 1;
    });
  }
  return { weights, allowed, rows: size, columns: size };
}

/** Tokens that would break out of markup, of scripts, of lines or of the direction of text. */
export const hostileTokens: readonly string[] = [
  "</script><img src=x onerror=window.pwned=1>",
  "<script>window.pwned=2</script>",
  "\"'><svg onload=window.pwned=3>",
  "</style><!--",
  "]]>&lt;&#0;",
  "\u202eevil\u202d",
  "e\u0301\u0301\u0301",
  "\0\u0007",
  "\ud800",
  "\udc00x",
  "\u2028\n\t ",
  "👨‍👩‍👧",
  "עברית",
  "a".repeat(300),
];

/** A report with every section. */
export function reportOf(tokens: readonly string[], layers: number, heads: number, name = "L"): Report {
  const size = tokens.length;
  return {
    version: 1,
    title: `Report ${tokens[0]}`,
    model: `model ${tokens[0]}`,
    text: tokens.join(""),
    tokens,
    layers: Array.from({ length: layers }, (_, layer) => ({
      name: `layers.${layer}.attention`,
      label: `${name}${layer}`,
      heads: Array.from({ length: heads }, (__, head) => ({
        head,
        map: causalMapOf(size, layer * heads + head),
        metrics: [{ name: "previousTokenMass", score: ((head * 37 + layer) % 10) / 10, nullScore: 0.1, lift: null }],
        labels:
          head === 1 ? [{ label: `previous ${tokens[0]}`, score: 0.8, nullScore: 0.1, threshold: 0.5, evidence: `mass ${tokens[0]}` }] : [],
      })),
    })),
    lens: {
      layers: ["embedding", `${name}0`],
      positions: [0, 1].map(() => tokens.map((token) => ({ token, entropy: 1.5, top: [{ token: tokens.at(-1)!, probability: 0.5 }] }))),
    },
    losses: tokens.map((token, index) => ({ token, loss: index / 2 })),
    attribution: {
      target: `the logit of ${tokens[0]}`,
      logit: 2,
      components: tokens.map((token, index) => ({ name: token, value: index - 2 })),
    },
    ablation: tokens.map((token, index) => ({ name: token, change: 1 - index })),
    notes: [`note ${tokens[0]}`],
  };
}
