import type { AttentionPicture } from "./picture.js";

/** The program that computes the weights shown for a trained model. */
export function modelCode({ name, part, layer }: NonNullable<AttentionPicture["model"]>): string {
  const call: Record<typeof part, string> = {
    self: "model.hidden(ids, { needWeights: true }).weights",
    encoder: "model.encode(source, { needWeights: true }).weights",
    decoder: "model.apply(source, target, { needWeights: true }).weights",
    cross: "model.apply(source, target, { needWeights: true }).crossWeights",
  };
  const inputs = part === "self" ? "ids: int32 [batch, length]" : "source, target: int32 [batch, length]; the target starts with token 0";
  return [
    `import { loadModel } from "@tfblocks/transformer/hugging-face";`,
    `import { openSafetensors } from "@tfblocks/weights";`,
    "",
    `const config = await (await fetch("models/${name}/config.json")).json();`,
    `const weights = await openSafetensors(await (await fetch("models/${name}/model.safetensors")).arrayBuffer());`,
    "const { model } = await loadModel({ config, weights });",
    `// ${inputs}`,
    `const layers = ${call[part]};`,
    `const weightsOfLayer = layers[${layer}]; // [batch, heads, queryLength, keyLength]`,
  ].join("\n");
}
