import { initialValues, matrix, vector } from "./gpt.mjs";
import { tokensOf } from "./tokens.mjs";

/** The parameters of a BERT without a head, by the names and in the order of `@tfblocks/transformer`. */
function encoderParameters({ layers, dModel, hiddenDim, vocabSize, maxLength }) {
  const norm = (name) => [vector(`${name}.weight`, dModel, 1), vector(`${name}.bias`, dModel, 0)];
  const affine = (name, outFeatures, inFeatures) => [
    matrix(`${name}.weight`, outFeatures, inFeatures),
    vector(`${name}.bias`, outFeatures, 0),
  ];
  const layer = (index) => [
    ...["query", "key", "value", "output"].flatMap((part) => affine(`layers.${index}.attention.${part}`, dModel, dModel)),
    ...norm(`layers.${index}.attentionNorm`),
    ...affine(`layers.${index}.feedForward.up`, hiddenDim, dModel),
    ...affine(`layers.${index}.feedForward.down`, dModel, hiddenDim),
    ...norm(`layers.${index}.feedForwardNorm`),
  ];
  return [
    matrix("tokenEmbedding.weight", vocabSize, dModel),
    matrix("positionEmbedding.weight", maxLength, dModel),
    matrix("segmentEmbedding.weight", 2, dModel),
    ...norm("embeddingNorm"),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
  ];
}

/** The ids of texts of `lengths` tokens. */
export const textsOf = ({ lengths, vocabSize }) => lengths.map((length, text) => tokensOf(text + 1, length, vocabSize));

/** The texts padded at their ends: `{ shape, ids, mask, withoutPadding }`; the mask is 1 where a token stands. */
export function paddedTexts(spec) {
  const { lengths, dModel } = spec;
  const longest = Math.max(...lengths);
  const [ids, mask] = [new Int32Array(lengths.length * longest), new Int32Array(lengths.length * longest)];
  for (const [text, tokens] of textsOf(spec).entries()) {
    ids.set(tokens, text * longest);
    mask.fill(1, text * longest, text * longest + tokens.length);
  }
  const withoutPadding = (hidden) => hidden.filter((_, index) => mask[Math.floor(index / dModel)] === 1);
  return { shape: [lengths.length, longest], ids, mask, withoutPadding };
}

/** The encoder as a graph of ONNX: `onnxModel` writes it. */
export function encoderGraph(spec) {
  const { layers, dModel, lengths } = spec;
  const [batch, length] = [lengths.length, Math.max(...lengths)];
  const nodes = [...embedding(), ...Array.from({ length: layers }, (_, index) => layerNodes(spec, index)).flat()];
  nodes.at(-1).outputs = ["hidden"];
  const shape = [batch, length];
  return {
    nodes,
    inputs: { ids: { shape, type: "int32" }, mask: { shape, type: "int32" } },
    outputs: { hidden: [batch, length, dModel] },
    weights: graphWeights(spec, length),
  };
}

const norm = (input, name, output) => ({
  op: "LayerNormalization",
  inputs: [input, `${name}.weight`, `${name}.bias`],
  outputs: [output],
  attributes: { axis: 2, epsilon: { float: 1e-12 } },
});

function embedding() {
  return [
    { op: "Gather", inputs: ["tokenEmbedding.weight", "ids"], outputs: ["tokens"] },
    { op: "Add", inputs: ["positionEmbedding.weight", "segmentEmbedding.weight"], outputs: ["places"] },
    { op: "Add", inputs: ["tokens", "places"], outputs: ["embedded"] },
    norm("embedded", "embeddingNorm", "hidden.0"),
  ];
}

function layerNodes({ heads }, index) {
  const name = (part) => `layers.${index}.${part}`;
  const affine = (input, part) => [
    { op: "MatMul", inputs: [input, name(`${part}.weight`)], outputs: [name(`${part}.product`)] },
    { op: "Add", inputs: [name(`${part}.product`), name(`${part}.bias`)], outputs: [name(part)] },
  ];
  const [input, output] = [`hidden.${index}`, `hidden.${index + 1}`];
  const qkv = ["attention.query", "attention.key", "attention.value"];
  return [
    ...qkv.flatMap((part) => affine(input, part)),
    {
      op: "MultiHeadAttention",
      domain: "com.microsoft",
      inputs: [...qkv.map((part) => name(part)), "", "mask"],
      outputs: [name("attended")],
      attributes: { num_heads: heads },
    },
    ...affine(name("attended"), "attention.output"),
    { op: "Add", inputs: [input, name("attention.output")], outputs: [name("attentionSum")] },
    norm(name("attentionSum"), name("attentionNorm"), name("middle")),
    ...affine(name("middle"), "feedForward.up"),
    { op: "Gelu", inputs: [name("feedForward.up")], outputs: [name("activated")] },
    ...affine(name("activated"), "feedForward.down"),
    { op: "Add", inputs: [name("middle"), name("feedForward.down")], outputs: [name("feedForwardSum")] },
    norm(name("feedForwardSum"), name("feedForwardNorm"), output),
  ];
}

/** Matrices as `[inFeatures, outFeatures]`, as many positions as the texts have, and the first segment. */
function graphWeights(spec, length) {
  const rows = { "positionEmbedding.weight": length, "segmentEmbedding.weight": 1 };
  const entries = encoderParameters(spec).map((parameter, index) => {
    const { name, shape } = parameter;
    const data = initialValues(parameter, index);
    if (name in rows) return [name, { shape: [rows[name], shape[1]], data: data.subarray(0, rows[name] * shape[1]) }];
    return [name, name.startsWith("layers") && shape.length === 2 ? transposed(shape, data) : { shape, data }];
  });
  return Object.fromEntries(entries);
}

function transposed([rows, columns], data) {
  const result = new Float32Array(data.length);
  for (let at = 0; at < data.length; at++) result[(at % columns) * rows + Math.floor(at / columns)] = data[at];
  return { shape: [columns, rows], data: result };
}
