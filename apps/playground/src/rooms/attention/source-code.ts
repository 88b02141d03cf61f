import { maskCode } from "./mask-code.js";
import type { AttentionSettings } from "./settings.js";

/** The program that computes the picture with random weights. */
export function sourceCode(settings: AttentionSettings, keyLength: number): string {
  const mask = maskCode(settings, keyLength);
  const lines = [
    `import { multiHeadAttention } from "@tfblocks/attention";`,
    ...(mask === undefined ? [] : [`import * as masks from "@tfblocks/masks";`]),
    `import { Random } from "@tfblocks/tensor-utils";`,
    "",
    "const attention = multiHeadAttention({",
    `  dModel: ${settings.dModel},`,
    `  numHeads: ${settings.heads},`,
    `  random: new Random(${settings.seed}),`,
    "});",
    ...(mask === undefined ? [] : [`const mask = ${mask};`]),
    shapesOf(settings),
    `const { output, weights } = attention.apply(${argumentsOf(settings, mask !== undefined)});`,
  ];
  return lines.join("\n");
}

function shapesOf({ kind, dModel }: AttentionSettings): string {
  return kind === "self" ? `// tokens: [batch, length, ${dModel}]` : `// queries, context: [batch, length, ${dModel}]`;
}

function argumentsOf({ kind }: AttentionSettings, masked: boolean): string {
  const tensors = kind === "self" ? "tokens, tokens, tokens" : "queries, context, context";
  return masked ? `${tensors}, { mask }` : tensors;
}
