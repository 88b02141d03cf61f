import { expansion, type LayerSettings } from "./settings.js";

/** The program that builds the layer of the settings. */
export function layerCode(settings: LayerSettings): string {
  const { norm, feedForward, residual, activation, heads, width, positions, causal, seed } = settings;
  const network = feedForward === "gated" ? "gatedFeedForward" : "feedForward";
  const rule = residual === "pre" ? "preNorm" : "postNorm";
  const lines = [
    `import { multiHeadAttention } from "@tfblocks/attention";`,
    `import { ${network} } from "@tfblocks/feed-forward";`,
    causal && `import { causal } from "@tfblocks/masks";`,
    `import { ${norm} } from "@tfblocks/norm";`,
    positions !== "none" && `import { ${positions === "rotary" ? "RotaryEmbedding" : "sinusoidal"} } from "@tfblocks/positional";`,
    `import { Random } from "@tfblocks/tensor-utils";`,
    `import { ${rule}, TransformerLayer } from "@tfblocks/transformer";`,
    positions === "sinusoids" && `import { add } from "@tensorflow/tfjs-core";`,
    "",
    `const random = new Random(${seed});`,
    "const layer = new TransformerLayer({",
    "  attention: multiHeadAttention({",
    `    dModel: ${width},`,
    `    numHeads: ${heads},`,
    positions === "rotary" && `    rotary: new RotaryEmbedding({ headDim: ${width / heads} }),`,
    `    random: random.split("attention"),`,
    "  }),",
    `  attentionNorm: new ${norm}({ features: ${width} }),`,
    `  feedForward: ${network}({`,
    `    dModel: ${width},`,
    `    hiddenDim: ${expansion * width},`,
    `    activation: "${activation}",`,
    `    random: random.split("feedForward"),`,
    "  }),",
    `  feedForwardNorm: new ${norm}({ features: ${width} }),`,
    causal && "  mask: causal(),",
    `  residual: ${rule},`,
    "});",
    `// tokens: [batch, length, ${width}]`,
    positions === "sinusoids" && `const positions = sinusoidal({ length: tokens.shape[1], dModel: ${width} });`,
    `const { output } = layer.apply(${positions === "sinusoids" ? "add(tokens, positions)" : "tokens"});`,
  ];
  return lines.filter((line) => line !== false).join("\n");
}
