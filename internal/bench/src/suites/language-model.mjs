import { encoder, gpt2Small, smallEncoder, smallGpt2, smallLlama, smallT5, smolLm2, t5Small } from "./sizes.mjs";

const bits = [32, 8, 4];

/** How tokens are drawn from the logits of Qwen's vocabulary; the model that gives them computes nothing. */
const draw = (name, options) => ({
  case: `a token of 151,936, ${name}`,
  spec: { kind: "draw", vocabSize: 151_936, options },
  opponents: [],
});

/** Reading a prompt. */
const prompt = (name, sizes, tokens, opponents, rest) => ({
  case: `${name}, prompt of ${tokens}`,
  spec: { kind: "modelPrompt", ...sizes, tokens },
  opponents,
  bits,
  ...rest,
});

/** One token after those of a prompt. */
const token = (name, sizes, cached, rest) => ({
  case: `${name}, one token after ${cached}`,
  spec: { kind: "modelToken", ...sizes, cached, tokens: 1 },
  opponents: [],
  bits,
  ...rest,
});

/** The same of a decoder that looks at a source. */
const decoderToken = (name, sizes, cached, source, rest) => ({
  case: `${name}, one token after ${cached} for a source of ${source}`,
  spec: { kind: "decoderToken", ...sizes, source, cached, tokens: 1 },
  opponents: [],
  bits,
  ...rest,
});

/** Hidden states of texts of 8 to 36 tokens, each length once before one comes again. */
function packedBatch(name, sizes, texts, rest) {
  const lengths = Array.from({ length: texts }, (_, text) => 8 + ((text * 11) % 29));
  const tokens = lengths.reduce((total, length) => total + length, 0);
  const spec = { kind: "packedBatch", ...sizes, lengths, tokens };
  const padded = { name: "own padded batch", contender: "ours", spec: { ...spec, kind: "paddedBatch" } };
  return { case: `${name}, packed batch of ${texts} texts of 8 to 36 tokens`, spec, opponents: ["ort", "ortNative", padded], ...rest };
}

/** Whole models of `@tfblocks/transformer` with random weights. */
export const languageModel = [
  prompt("GPT-2-small", gpt2Small, 512, []),
  prompt("SmolLM2-135M", smolLm2["135M"], 256, ["llama", "wllama"]),
  token("GPT-2-small", gpt2Small, 512),
  decoderToken("T5-small", t5Small, 64, 512),
  prompt("a small model", smallGpt2, 64, [], { quick: true }),
  prompt("4 layers of 64", smallLlama, 64, ["llama", "wllama"], { quick: true }),
  token("a small model", smallGpt2, 64, { quick: true }),
  decoderToken("a small encoder-decoder", smallT5, 8, 64, { quick: true }),
  packedBatch("an encoder of 6 layers of 384", encoder, 32),
  packedBatch("an encoder of 2 layers of 384", smallEncoder, 4, { quick: true }),
  { case: "GPT-2-small, a report on 128 tokens", spec: { kind: "report", ...gpt2Small, tokens: 128 }, opponents: [] },
  {
    case: "GPT-2-small, the loss of 128 tokens without each head",
    spec: { kind: "ablatedHeads", ...gpt2Small, tokens: 128 },
    opponents: [],
  },
  { case: "a small model, a report on 32 tokens", spec: { kind: "report", ...smallGpt2, tokens: 32 }, opponents: [], quick: true },
  draw("greedy", {}),
  draw("drawn", { temperature: 0.7 }),
  { ...draw("drawn with topK 20, topP 0.8", { temperature: 0.7, topK: 20, topP: 0.8 }), quick: true },
  draw("drawn with topP 0.9", { temperature: 0.7, topP: 0.9 }),
];
