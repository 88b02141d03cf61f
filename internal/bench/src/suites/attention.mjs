import { causal, cross, documents, full, grouped, window } from "./attention-specs.mjs";

const shapes = {
  full: [full, []],
  causal: [causal, ["torch-flex"]],
  "window 256": [window, ["torch-flex"]],
  documents: [documents, ["torch-flex"]],
  "GQA 8:2": [grouped, []],
  cross: [cross, []],
};

/** The composition holds the scores and takes half a minute at n = 4096; tfjs's own CPU backend is for small sizes only. */
const composed = (n) => (n < 4096 ? ["stock", ...(n <= 256 ? ["cpu"] : [])] : []);

const attentionCase = (name, n) => {
  const [make, extra] = shapes[name];
  return {
    case: `${name} n=${n}`,
    spec: { kind: "attention", ...make(n) },
    opponents: [...composed(n), "ort", "jax", "torch", ...extra, ...(name === "full" && n >= 1024 ? ["own gemm"] : [])],
    quick: n === 256,
  };
};

/** What the weights cost: a call that returns them beside one that does not, both ours. */
const weightsCase = (n) => ({
  case: `causal n=${n}, with weights`,
  spec: { kind: "attention", ...causal(n), weights: true },
  opponents: [{ name: "own call without weights", contender: "ours", spec: { kind: "attention", ...causal(n) } }],
  quick: n === 256,
});

export const attention = [
  ...[256, 1024, 4096].flatMap((n) => Object.keys(shapes).map((name) => attentionCase(name, n))),
  ...[256, 1024].map(weightsCase),
];
