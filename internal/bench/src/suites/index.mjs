import { attention } from "./attention.mjs";
import { attentionBackward } from "./attention-backward.mjs";
import { blocks } from "./blocks.mjs";
import { decode } from "./decode.mjs";
import { elementwise } from "./elementwise.mjs";
import { gemm } from "./gemm.mjs";
import { languageModel } from "./language-model.mjs";
import { masks } from "./masks.mjs";
import { memory } from "./memory.mjs";
import { playground } from "./playground.mjs";
import { threads } from "./threads.mjs";
import { trainStep } from "./train-step.mjs";

/**
 * Suite -> cases `{ case, spec, opponents, quick? }`. An opponent is the name of a contender of src/opponents.mjs, or
 * `{ name, contender, spec?, threads? }` for ours under other conditions.
 */
export const suites = {
  gemm,
  attention,
  "attention-backward": attentionBackward,
  decode,
  "language-model": languageModel,
  elementwise,
  blocks,
  "train-step": trainStep,
  memory,
  threads,
  masks,
  playground,
};
