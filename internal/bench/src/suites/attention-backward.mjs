import { causal, full, window } from "./attention-specs.mjs";

const shapes = { full, causal, "window 256": window };

/** The forward pass and the gradients of query, key and value. */
const backwardCase = (name, n) => ({
  case: `${name} n=${n}`,
  spec: { kind: "attentionBackward", ...shapes[name](n) },
  opponents: ["stock", "torch"],
  quick: n === 256,
});

export const attentionBackward = [256, 1024].flatMap((n) => Object.keys(shapes).map((name) => backwardCase(name, n)));
