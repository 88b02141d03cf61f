/** Sizes of models by their names in the cases. */
export const gpt2Small = { layers: 12, dModel: 768, heads: 12, hiddenDim: 3072, vocabSize: 50257, maxLength: 1024 };
export const smallGpt2 = { layers: 2, dModel: 64, heads: 4, hiddenDim: 256, vocabSize: 512, maxLength: 1024 };

export const t5Small = { family: "t5", layers: 6, dModel: 512, heads: 8, headDim: 64, hiddenDim: 2048, vocabSize: 32128 };
export const smallT5 = { family: "t5", layers: 2, dModel: 64, heads: 4, headDim: 16, hiddenDim: 256, vocabSize: 512 };

const llama = (sizes) => ({ family: "llama", headDim: 64, theta: 10_000, eps: 1e-6, tiedHead: true, ...sizes });

export const smolLm2 = {
  "135M": llama({ layers: 30, dModel: 576, heads: 9, kvHeads: 3, hiddenDim: 1536, vocabSize: 49152 }),
  "360M": llama({ layers: 32, dModel: 960, heads: 15, kvHeads: 5, hiddenDim: 2560, vocabSize: 49152 }),
};
export const llama1B = llama({ layers: 16, dModel: 2048, heads: 32, kvHeads: 8, hiddenDim: 8192, vocabSize: 128_256 });
export const qwen600M = {
  ...llama({ layers: 28, dModel: 1024, heads: 16, kvHeads: 8, hiddenDim: 3072, vocabSize: 151_936 }),
  family: "qwen3",
  headDim: 128,
};
export const smallLlama = llama({ layers: 4, dModel: 64, heads: 4, kvHeads: 4, headDim: 16, hiddenDim: 256, vocabSize: 512 });

/** An encoder for sentences. */
export const encoder = {
  family: "bert",
  layers: 6,
  dModel: 384,
  heads: 12,
  hiddenDim: 1536,
  vocabSize: 30522,
  maxLength: 512,
  maskedLanguageHead: false,
};
export const smallEncoder = { ...encoder, layers: 2, vocabSize: 512, maxLength: 64 };
