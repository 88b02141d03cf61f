import { expansion, type LayerSettings } from "./settings.js";

/** The steps of a layer, by their names in the code. */
export type BoxName =
  | "embedding"
  | "position"
  | "input"
  | "attentionNorm"
  | "query"
  | "key"
  | "value"
  | "weights"
  | "context"
  | "output"
  | "attentionSum"
  | "feedForwardNorm"
  | "gate"
  | "up"
  | "hidden"
  | "down"
  | "feedForwardSum";

/** One step of a layer, drawn as a box. */
export interface Box {
  readonly name: BoxName;
  readonly title: string;
  readonly formula: string;
  readonly description: string;
  /** The boxes that it is computed from. */
  readonly inputs: readonly BoxName[];
  /** The box whose residual connection ends here. */
  readonly residual?: BoxName;
  /** A question that the reader can answer by changing settings. */
  readonly question: string;
}

/** The boxes of a layer in rows, in the order of the computation. */
export function boxRows(settings: LayerSettings): readonly (readonly Box[])[] {
  const pre = settings.residual === "pre";
  const attentionNorm = normBox(settings, {
    name: "attentionNorm",
    inputs: [pre ? "input" : "attentionSum"],
    description: pre ? "The input of attention, with every row normalised." : "The stream after attention, with every row normalised.",
  });
  const feedForwardNorm = normBox(settings, {
    name: "feedForwardNorm",
    inputs: [pre ? "attentionSum" : "feedForwardSum"],
    description: pre
      ? "The input of the feed-forward network, with every row normalised."
      : "The output of the layer, with every row normalised.",
  });
  return [
    ...inputRows(settings),
    ...(pre ? [[attentionNorm]] : []),
    ...attentionRows(settings, pre ? "attentionNorm" : "input"),
    [pre ? feedForwardNorm : attentionNorm],
    ...feedForwardRows(settings, pre ? "feedForwardNorm" : "attentionNorm", pre ? "attentionSum" : "attentionNorm"),
    ...(pre ? [] : [[feedForwardNorm]]),
  ];
}

function inputRows({ positions }: LayerSettings): Box[][] {
  const question = "Use the second example, in which words occur twice. In which of the first boxes are their rows equal?";
  const added = positions === "sinusoids";
  const embedding: Box = {
    name: "embedding",
    title: "embedding",
    formula: "weight[id]",
    description: "One vector per word, the same at every position.",
    inputs: [],
    question,
  };
  const position: Box = {
    name: "position",
    title: "position",
    formula: "sin and cos of position · frequency",
    description: "One row per position, the same for every word.",
    inputs: [],
    question,
  };
  const input: Box = {
    name: "input",
    title: added ? "+ position" : "x",
    formula: added ? "embedding + position" : "embedding",
    description: added
      ? "The residual stream that enters the layer. A word that occurs twice now has two different rows."
      : "The residual stream that enters the layer.",
    inputs: added ? ["embedding", "position"] : ["embedding"],
    question,
  };
  return [added ? [embedding, position] : [embedding], [input]];
}

function normBox({ norm }: LayerSettings, box: Pick<Box, "name" | "inputs" | "description">): Box {
  return {
    ...box,
    title: norm,
    formula: norm === "LayerNorm" ? "(x − mean) / √(variance + ε) · weight + bias" : "x / √(mean of x² + ε) · weight",
    question: "Compare this box with the one before. Which of min, mean and max did the norm change?",
  };
}

function attentionRows(settings: LayerSettings, from: BoxName): Box[][] {
  const { heads, width, causal } = settings;
  const weights: Box = {
    name: "weights",
    title: "attention weights",
    formula: `softmax(Q Kᵀ / √${width / heads}${causal ? ", masked" : ""})`,
    description: "How much each query takes from each key, for every head. Every row sums to 1.",
    inputs: ["query", "key"],
    question: "Switch off the causal mask. Which cells were masked, and how much weight do they get?",
  };
  const question = "Under a causal mask the first token attends only to itself. Which row of V is its row of weights · V?";
  const context: Box = {
    name: "context",
    title: "weights · V",
    formula: "weights · V, heads concatenated",
    description: "What each token has gathered from the others.",
    inputs: ["weights", "value"],
    question,
  };
  const output: Box = {
    name: "output",
    title: "output projection",
    formula: "Wo · context + b",
    description: "Mixes the heads into one vector per token.",
    inputs: ["context"],
    question,
  };
  const sum = sumBox({
    name: "attentionSum",
    inputs: ["output"],
    residual: "input",
    formula: "x + attention(…)",
    description: "The residual stream plus the output of attention.",
  });
  return [projections(settings, from), [weights], [context], [output], [sum]];
}

function projections({ positions }: LayerSettings, from: BoxName): Box[] {
  const rotated = positions === "rotary" ? ", rotated by the position" : "";
  const common = { inputs: [from], question: "Choose RoPE. Which two of Q, K and V change, and why not the third?" };
  return [
    { ...common, name: "query", title: "Q", formula: `Wq · x + b${rotated}`, description: "What each token is looking for." },
    { ...common, name: "key", title: "K", formula: `Wk · x + b${rotated}`, description: "What each token offers." },
    {
      ...common,
      name: "value",
      title: "V",
      formula: "Wv · x + b",
      description: "What each token passes on to the tokens that attend to it.",
    },
  ];
}

function feedForwardRows({ feedForward, activation, width }: LayerSettings, from: BoxName, residual: BoxName): Box[][] {
  const gated = feedForward === "gated";
  const question = "Choose ReLU. How many hidden units of a row are exactly 0?";
  const gate: Box = {
    name: "gate",
    title: "gate",
    formula: "Wg · x",
    description: "The gate of each hidden unit, before the activation.",
    inputs: [from],
    question,
  };
  const up: Box = {
    name: "up",
    title: "up",
    formula: gated ? "Wu · x" : "Wu · x + b",
    description: `Projects every vector from ${width} dimensions to ${expansion * width} hidden units.`,
    inputs: [from],
    question,
  };
  const hidden: Box = {
    name: "hidden",
    title: gated ? `${activation} · up` : activation,
    formula: gated ? `${activation}(gate) · up` : `${activation}(up)`,
    description: "The hidden units after the activation. Which of them are active depends on the token.",
    inputs: gated ? ["gate", "up"] : ["up"],
    question,
  };
  const down: Box = {
    name: "down",
    title: "down",
    formula: gated ? "Wd · hidden" : "Wd · hidden + b",
    description: "Projects the hidden units back to the width of the stream.",
    inputs: ["hidden"],
    question,
  };
  const sum = sumBox({
    name: "feedForwardSum",
    inputs: ["down"],
    residual,
    formula: "x + feedForward(…)",
    description: "The residual stream plus the outputs of both sublayers.",
  });
  return [gated ? [gate, up] : [up], [hidden], [down], [sum]];
}

function sumBox(box: Omit<Box, "title" | "question">): Box {
  return { ...box, title: "+", question: "Compare max here with max in the sum before. Does the stream grow from sublayer to sublayer?" };
}
