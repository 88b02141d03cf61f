import { causal, full, window } from "./attention-specs.mjs";
import { gpt2Small, qwen600M } from "./sizes.mjs";

const floats = (count) => (count * 4) / 2 ** 20;

/** How much heap attention takes while it runs, beside the tensors that it is given and gives. */
function attention(name, spec, rest) {
  const { batch, heads, kvHeads, queries, keys, headDim } = spec;
  const size = floats(batch * headDim * (2 * heads * queries + 2 * kvHeads * keys));
  const beside = { name: "query + key + value + output", size };
  return { case: name, spec: { kind: "attention", ...spec }, measure: "memory", beside, opponents: [], ...rest };
}

const gpt2Parameters = { name: "parameters of the model", size: floats(parametersOf(gpt2Small)) };

function parametersOf({ layers, dModel, hiddenDim, vocabSize, maxLength }) {
  const layer = 4 * dModel * (dModel + 1) + hiddenDim * (2 * dModel + 1) + dModel + 4 * dModel;
  return (vocabSize + maxLength + 2) * dModel + layers * layer;
}

/** How much heap a model with a part replaced takes beyond the model that it shares the others with. */
const replaced = (name, kind) => ({
  case: name,
  spec: { kind, ...gpt2Small },
  measure: "memory",
  beside: gpt2Parameters,
  opponents: [],
});

/** How much memory a process takes to open a folder of 90 MB, and the time. */
const opened = (backend) => ({ case: `open an encoder folder, ${backend}`, measure: "folder", backend });

/** How much memory a question about heads takes beyond the model. */
const asked = (name, question, spec, beside) => ({ case: name, measure: "analysis", question, spec, beside });

const manyHeads = { layers: 12, heads: 12, dModel: 96, hiddenDim: 384, vocabSize: 512, tokens: 2048 };
const manyWeights = { name: "all attention weights", size: floats(12 * 12 * 2048 * 2048) };

/** How much heap a model takes whose bfloat16 weights are rounded while they are read. */
function openedQuantized(name, bits, sizes, rest) {
  const { family: _, tiedHead: __, ...others } = sizes;
  const perGroup = bits === 4 ? 2 : 1; // a scale, and at 4 bits an offset, of 64 weights
  return {
    case: `${name}, bfloat16 weights opened at ${bits} bits`,
    spec: { kind: "openedModel", bits, ...others },
    measure: "memory",
    beside: { name: "codes, scales and offsets", size: floats(quantizedWeights(sizes) * (bits / 32 + perGroup / 64)) },
    opponents: [],
    ...rest,
  };
}

/** How many weights of a tied head and of all layers are quantised. */
function quantizedWeights({ layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize }) {
  return vocabSize * dModel + layers * dModel * (2 * heads * headDim + 2 * kvHeads * headDim + 3 * hiddenDim);
}

export const memory = [
  attention("full n=1024", full(1024), { opponents: ["stock"], quick: true }),
  attention("full n=4096", full(4096), { opponents: ["stock"] }),
  attention("causal n=16384", causal(16384), { needsFused: true }),
  attention("window 256 n=16384", window(16384), { needsFused: true }),
  replaced("GPT-2-small, one head zeroed", "zeroedHead"),
  replaced("GPT-2-small, one projection replaced", "replacedProjection"),
  openedQuantized("Qwen3-0.6B", 8, qwen600M),
  openedQuantized("Qwen3-0.6B", 4, qwen600M),
  openedQuantized("2 layers of 64", 8, { ...qwen600M, layers: 2, dModel: 64, vocabSize: 4096 }, { quick: true }),
  opened("wasm"),
  opened("cpu"),
  asked("a summary of 144 heads, 2048 tokens", "watch", manyHeads, manyWeights),
  asked("GPT-2-small, a report on 128 tokens", "report", { ...gpt2Small, tokens: 128 }, gpt2Parameters),
];
