import { causal, full, window } from "./attention-specs.mjs";

/** How much heap attention takes while it runs, beside the tensors that it is given and gives. */
const memoryOf = (name, spec, rest) => ({ case: name, spec: { kind: "attention", ...spec }, measure: "memory", opponents: [], ...rest });

export const memory = [
  memoryOf("full n=1024", full(1024), { opponents: ["stock"], quick: true }),
  memoryOf("full n=4096", full(4096), { opponents: ["stock"] }),
  memoryOf("causal n=16384", causal(16384), { needsFused: true }),
  memoryOf("window 256 n=16384", window(16384), { needsFused: true }),
];
