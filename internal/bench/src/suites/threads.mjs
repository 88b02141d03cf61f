import { causal, full } from "./attention-specs.mjs";

/** Ours on all threads beside ours on one, each in a process or page of its own. */
const threaded = (name, spec, quick = false) => ({
  case: name,
  spec,
  opponents: [{ name: "ours", contender: "ours", threads: 1 }],
  threads: 2,
  quick,
});

export const threads = [
  threaded("GEMM 1024^3", { kind: "gemm", m: 1024, n: 1024, k: 1024 }),
  threaded("full n=256", { kind: "attention", ...full(256) }, true),
  threaded("full n=1024", { kind: "attention", ...full(1024) }),
  threaded("causal n=1024", { kind: "attention", ...causal(1024) }),
  threaded("full n=4096", { kind: "attention", ...full(4096) }),
  threaded("full forward and backward n=1024", { kind: "attentionBackward", ...full(1024) }),
];
