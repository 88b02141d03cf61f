import { full, window } from "./attention-specs.mjs";

/** A mask that allows little should cost little: the window beside full attention of the same size, both ours. */
const sharesOfFull = (n) => ({
  case: `window 256 n=${n}`,
  spec: { kind: "attention", ...window(n) },
  opponents: [{ name: "own full attention", contender: "ours", spec: { kind: "attention", ...full(n) } }],
});

export const masks = [
  { ...sharesOfFull(1024), quick: true },
  { ...sharesOfFull(16384), needsFused: true },
];
