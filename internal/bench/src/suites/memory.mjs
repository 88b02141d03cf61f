import { causal, full, window } from "./attention-specs.mjs";

/** How much the heap grows by while attention runs, beside the tensors that it takes and gives. */
const memoryOf = (name, spec, quick = false) => ({
  case: name,
  spec: { kind: "attention", ...spec },
  measure: "memory",
  needsFused: !quick,
  quick,
});

export const memory = [
  memoryOf("full n=1024", full(1024), true),
  memoryOf("causal n=16384", causal(16384)),
  memoryOf("window 256 n=16384", window(16384)),
];
