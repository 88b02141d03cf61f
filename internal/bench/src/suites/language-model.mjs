export const gpt2Small = { layers: 12, dModel: 768, heads: 12, hiddenDim: 3072, vocabSize: 50257, maxLength: 1024 };
const small = { layers: 2, dModel: 64, heads: 4, hiddenDim: 256, vocabSize: 512, maxLength: 1024 };
const t5Small = { layers: 6, dModel: 512, heads: 8, headDim: 64, hiddenDim: 2048, vocabSize: 32128 };
const smallT5 = { layers: 2, dModel: 64, heads: 4, headDim: 16, hiddenDim: 256, vocabSize: 512 };

/** How tokens are drawn from the logits of Qwen's vocabulary; the model that gives them computes nothing. */
const draw = (name, options) => ({
  case: `a token of 151,936, ${name}`,
  spec: { kind: "draw", vocabSize: 151_936, options },
  opponents: [],
});

/** Whole models of `@tfblocks/transformer` with random weights: reading a prompt, and one token after it. */
export const languageModel = [
  { case: "GPT-2-small, prompt of 512", spec: { kind: "modelPrompt", ...gpt2Small, tokens: 512 }, opponents: [] },
  { case: "GPT-2-small, one token after 512", spec: { kind: "modelToken", ...gpt2Small, cached: 512, tokens: 1 }, opponents: [] },
  {
    case: "T5-small, one token after 64 for a source of 512",
    spec: { kind: "decoderToken", ...t5Small, source: 512, cached: 64, tokens: 1 },
    opponents: [],
  },
  { case: "a small model, prompt of 64", spec: { kind: "modelPrompt", ...small, tokens: 64 }, opponents: [], quick: true },
  { case: "a small model, one token after 64", spec: { kind: "modelToken", ...small, cached: 64, tokens: 1 }, opponents: [], quick: true },
  {
    case: "a small encoder-decoder, one token after 8 for a source of 64",
    spec: { kind: "decoderToken", ...smallT5, source: 64, cached: 8, tokens: 1 },
    opponents: [],
    quick: true,
  },
  { case: "GPT-2-small, a report on 128 tokens", spec: { kind: "report", ...gpt2Small, tokens: 128 }, opponents: [] },
  { case: "GPT-2-small, the loss of 128 tokens without a head", spec: { kind: "ablatedHeads", ...gpt2Small, tokens: 128 }, opponents: [] },
  { case: "a small model, a report on 32 tokens", spec: { kind: "report", ...small, tokens: 32 }, opponents: [], quick: true },
  draw("greedy", {}),
  draw("drawn", { temperature: 0.7 }),
  { ...draw("drawn with topK 20, topP 0.8", { temperature: 0.7, topK: 20, topP: 0.8 }), quick: true },
  draw("drawn with topP 0.9", { temperature: 0.7, topP: 0.9 }),
];
