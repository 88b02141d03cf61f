const gpt2Small = { layers: 12, dModel: 768, heads: 12, hiddenDim: 3072, vocabSize: 50257 };

/** The linear layers and the cached attention of one token; half a gigabyte of weights, so memory is the limit. */
export const decode = [
  {
    case: "GPT-2-small, 512 cached",
    spec: { kind: "decode", ...gpt2Small, cached: 512 },
    opponents: ["stock", "torch"],
  },
  {
    case: "2 layers of GPT-2-small, 512 cached",
    spec: { kind: "decode", ...gpt2Small, layers: 2, vocabSize: 1024, cached: 512 },
    opponents: ["stock", "torch"],
    quick: true,
  },
];
