const gpt2Small = { layers: 12, dModel: 768, heads: 12, hiddenDim: 3072, vocabSize: 50257, maxLength: 1024 };
const small = { layers: 2, dModel: 64, heads: 4, hiddenDim: 256, vocabSize: 512, maxLength: 1024 };

/** A whole model of `@tfblocks/transformer` with random weights: reading a prompt, and one token after it. */
export const languageModel = [
  { case: "GPT-2-small, prompt of 512", spec: { kind: "modelPrompt", ...gpt2Small, tokens: 512 }, opponents: [] },
  { case: "GPT-2-small, one token after 512", spec: { kind: "modelToken", ...gpt2Small, cached: 512, tokens: 1 }, opponents: [] },
  { case: "a small model, prompt of 64", spec: { kind: "modelPrompt", ...small, tokens: 64 }, opponents: [], quick: true },
  { case: "a small model, one token after 64", spec: { kind: "modelToken", ...small, cached: 64, tokens: 1 }, opponents: [], quick: true },
];
