import { gpt2Small, llama1B, qwen600M, smallLlama, smolLm2 } from "./sizes.mjs";

const bits = [32, 8, 4];

/** The linear layers and the cached attention of one token; half a gigabyte of weights, so memory is the limit. */
const products = (name, sizes, rest) => ({
  case: `${name}, 512 cached`,
  spec: { kind: "decode", ...sizes, cached: 512 },
  opponents: ["stock", "torch"],
  bits,
  ...rest,
});

/** A whole model of `@tfblocks/transformer` with random weights: one token after 16 others. */
const token = (name, sizes, rest) => ({
  case: `${name}, one token after 16`,
  spec: { kind: "modelToken", ...sizes, cached: 16, tokens: 1 },
  opponents: ["llama", "wllama"],
  bits,
  ...rest,
});

export const decode = [
  products("GPT-2-small", gpt2Small),
  products("2 layers of GPT-2-small", { ...gpt2Small, layers: 2, vocabSize: 1024 }, { quick: true }),
  token("SmolLM2-135M", smolLm2["135M"]),
  token("SmolLM2-135M on 2 threads", smolLm2["135M"], { threads: 2 }),
  token("SmolLM2-360M", smolLm2["360M"]),
  token("Qwen3-0.6B", qwen600M),
  token("Llama-3.2-1B", llama1B, { bits: [8, 4] }), // weights of 32 bits do not fit the heap
  token("4 layers of 64", smallLlama, { quick: true }),
];
