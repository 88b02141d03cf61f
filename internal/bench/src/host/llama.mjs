import { matrix, vector } from "./gpt.mjs";

/** The parameters of a model of the family `llama` or `qwen3` with a tied head, by the names and in the order of `@tfblocks/transformer`. */
export function llamaParameters({ family, layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize }) {
  const headNorm = (name) => (family === "qwen3" ? [vector(name, headDim, 1)] : []);
  const layer = (index) => [
    matrix(`layers.${index}.attention.query.weight`, heads * headDim, dModel),
    matrix(`layers.${index}.attention.key.weight`, kvHeads * headDim, dModel),
    matrix(`layers.${index}.attention.value.weight`, kvHeads * headDim, dModel),
    matrix(`layers.${index}.attention.output.weight`, dModel, heads * headDim),
    ...headNorm(`layers.${index}.attention.queryNorm.weight`),
    ...headNorm(`layers.${index}.attention.keyNorm.weight`),
    vector(`layers.${index}.attentionNorm.weight`, dModel, 1),
    matrix(`layers.${index}.feedForward.gate.weight`, hiddenDim, dModel),
    matrix(`layers.${index}.feedForward.up.weight`, hiddenDim, dModel),
    matrix(`layers.${index}.feedForward.down.weight`, dModel, hiddenDim),
    vector(`layers.${index}.feedForwardNorm.weight`, dModel, 1),
  ];
  return [
    matrix("tokenEmbedding.weight", vocabSize, dModel),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    vector("finalNorm.weight", dModel, 1),
  ];
}
