import type { AnsweredQuestion } from "../../ui/panel.js";
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
  /** What the reader can find out by changing settings. */
  readonly question: AnsweredQuestion;
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
  const added = positions === "sinusoids";
  const question = {
    question: "Use the second example, in which words occur twice. In which of the first boxes are their rows equal?",
    answer: added
      ? "Only in “embedding”. Once the position is added, the same word has two different rows."
      : "In both: nothing has told a word its position yet.",
  };
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
    question: {
      question: "Compare this box with the one before. Which of min, mean and max did the norm change?",
      answer:
        norm === "LayerNorm"
          ? "All three. The mean is 0 now, because LayerNorm subtracts it from every row before it divides."
          : "All three, but the mean does not become 0: RMSNorm divides every row and subtracts nothing.",
    },
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
    question: {
      question: "Switch the causal mask off, and on again. Which cells does it mask, and what becomes of their weight?",
      answer:
        "Those above the diagonal, which are later tokens. With the mask their weight is exactly 0, and the tokens before them get it, because every row sums to 1.",
    },
  };
  const question = {
    question: "Under a causal mask the first token attends only to itself. Which row of V is its row of weights · V?",
    answer: "The first one, its own: its only weight is 1.",
  };
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
  const question = {
    question: "Choose RoPE. Which two of Q, K and V change, and why not the third?",
    answer:
      "Q and K. Their products are the scores, and rotated by their positions they depend on the distance. V is what is passed on once the weights are known.",
  };
  const common = { inputs: [from], question };
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
  const question = {
    question: "Choose ReLU. How many hidden units of a row are exactly 0?",
    answer: "About half: the numbers before the activation lie around 0, and ReLU turns all below 0 into 0.",
  };
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
  return {
    ...box,
    title: "+",
    question: {
      question: "Compare max here with max in the sum before. Does the stream grow from sublayer to sublayer?",
      answer:
        "Usually. Every sublayer adds to it, and with pre-norm nothing makes it smaller in between. With post-norm a norm follows each sum and brings it back to one size.",
    },
  };
}
