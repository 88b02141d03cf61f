const model = (layers, batch) => ({ layers, dModel: 256, heads: 4, hiddenDim: 1024, vocabSize: 256, length: 256, batch });

/** Forward, backward and Adam of a causal language model with pre-norm and GELU. */
export const trainStep = [
  {
    case: "6 layers, dModel 256, n=256, batch 8",
    spec: { kind: "trainStep", ...model(6, 8) },
    opponents: ["torch"],
  },
  {
    case: "6 layers, dModel 256, n=256, batch 8, against tfjs, which takes minutes",
    spec: { kind: "trainStep", ...model(6, 8) },
    opponents: ["stock"],
  },
  {
    case: "1 layer, dModel 256, n=256, batch 1",
    spec: { kind: "trainStep", ...model(1, 1) },
    opponents: ["stock", "torch"],
    quick: true,
  },
];
