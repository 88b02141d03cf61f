import type { MaskJSON } from "@tfblocks/masks";

/** The program that makes a mask and its cells, for a text of `length` tokens. */
export function maskCode(mask: MaskJSON, length: number): string {
  return [
    `import * as masks from "@tfblocks/masks";`,
    "",
    `const mask = ${expressionOf(mask)};`,
    `// attention.apply(x, x, x, { mask })`,
    `// bool [1, 1, ${length}, ${length}]`,
    `const cells = mask.dense({`,
    `  queryLength: ${length},`,
    `  keyLength: ${length},`,
    `});`,
  ].join("\n");
}

/** @throws Error for a mask that no spec makes */
function expressionOf(mask: MaskJSON): string {
  switch (mask.type) {
    case "and":
      return `masks.and(\n  ${mask.masks.map(expressionOf).join(",\n  ")},\n)`;
    case "full":
    case "causal":
      return `masks.${mask.type}()`;
    case "prefixLM":
      return `masks.prefixLM(${String(mask.prefixLength)})`;
    case "slidingWindow":
      return `masks.slidingWindow({ left: ${mask.left}, right: ${mask.right} })`;
    case "packed":
      return `masks.packed([${mask.lengths[0]!.join(", ")}])`;
    case "padding":
      if ("lengths" in mask) return `masks.padding({ lengths: [${mask.lengths.join(", ")}] })`;
  }
  throw new Error(`The mask ${mask.type} has no code here`);
}
