import { initialValues } from "../host/gpt.mjs";
import { llamaParameters } from "../host/llama.mjs";
import { contextSize } from "../host/tokens.mjs";
import { formats } from "./formats.mjs";
import { firstLetter, letterOf } from "../host/tokens.mjs";

const names = {
  "attentionNorm.weight": "attn_norm",
  "attention.query.weight": "attn_q",
  "attention.key.weight": "attn_k",
  "attention.value.weight": "attn_v",
  "attention.output.weight": "attn_output",
  "attention.queryNorm.weight": "attn_q_norm",
  "attention.keyNorm.weight": "attn_k_norm",
  "feedForwardNorm.weight": "ffn_norm",
  "feedForward.gate.weight": "ffn_gate",
  "feedForward.up.weight": "ffn_up",
  "feedForward.down.weight": "ffn_down",
};
const outside = { "tokenEmbedding.weight": "token_embd.weight", "finalNorm.weight": "output_norm.weight" };

/** A model of `llamaParameters` as llama.cpp reads it; matrices have `bits` bits, norms 32. */
export function ggufModel(spec) {
  const tensors = llamaParameters(spec).map((parameter, index) => {
    const { name, shape } = parameter;
    const values = () => interleavedHeads(spec, name, initialValues(parameter, index));
    return { name: ggufName(name), shape, format: formats[shape.length === 1 ? 32 : spec.bits], values };
  });
  return { metadata: metadataOf(spec), tensors };
}

function ggufName(name) {
  if (name in outside) return outside[name];
  const [, layer, part] = /^layers\.(\d+)\.(.+)$/.exec(name);
  return `blk.${layer}.${names[part]}.weight`;
}

function metadataOf({ family, layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize, theta, eps, bits }) {
  const sizes = {
    context_length: ["uint32", contextSize],
    embedding_length: ["uint32", dModel],
    block_count: ["uint32", layers],
    feed_forward_length: ["uint32", hiddenDim],
    "attention.head_count": ["uint32", heads],
    "attention.head_count_kv": ["uint32", kvHeads],
    "attention.key_length": ["uint32", headDim],
    "attention.value_length": ["uint32", headDim],
    "attention.layer_norm_rms_epsilon": ["float32", eps],
    "rope.dimension_count": ["uint32", headDim],
    "rope.freq_base": ["float32", theta],
    vocab_size: ["uint32", vocabSize],
  };
  return {
    "general.architecture": ["string", family],
    "general.file_type": ["uint32", formats[bits].fileType],
    ...Object.fromEntries(Object.entries(sizes).map(([key, value]) => [`${family}.${key}`, value])),
    ...tokenizer(vocabSize),
  };
}

const tokenTypes = { normal: 1, unknown: 2, control: 3, byte: 6 };

/** A tokenizer in which every token is a letter, except the first: those that llama.cpp looks for, and a sign for the space. */
function tokenizer(vocabSize) {
  const special = [
    ["<unk>", tokenTypes.unknown],
    ["<s>", tokenTypes.control],
    ["</s>", tokenTypes.control],
    ["\u2581", tokenTypes.normal],
  ];
  const bytes = Array.from({ length: 128 }, (_, value) => [`<0x${value.toString(16).toUpperCase().padStart(2, "0")}>`, tokenTypes.byte]);
  const letters = Array.from({ length: vocabSize - firstLetter }, (_, index) => [letterOf(firstLetter + index), tokenTypes.normal]);
  const tokens = [...special, ...bytes, ...letters];
  return {
    "tokenizer.ggml.model": ["string", "llama"],
    "tokenizer.ggml.tokens": ["string", tokens.map(([text]) => text)],
    "tokenizer.ggml.scores": ["float32", tokens.map(() => 0)],
    "tokenizer.ggml.token_type": ["int32", tokens.map(([, type]) => type)],
    "tokenizer.ggml.add_bos_token": ["bool", false],
    "tokenizer.ggml.add_space_prefix": ["bool", false],
  };
}

/** llama.cpp rotates neighbours in a head of a Llama, and we a number of each half: the rows change places. */
function interleavedHeads({ family, headDim, dModel }, name, weights) {
  if (family !== "llama" || !/attention\.(query|key)\.weight$/.test(name)) return weights;
  const result = new Float32Array(weights.length);
  for (let row = 0; row * dModel < weights.length; row++) {
    const inHead = row % headDim;
    const from = row - inHead + (inHead % 2) * (headDim / 2) + Math.floor(inHead / 2);
    result.set(weights.subarray(from * dModel, (from + 1) * dModel), row * dModel);
  }
  return result;
}
