import { expansion, type LayerSettings } from "./settings.js";

/** The steps of a layer, by their names in the code. */
export const boxNames = [
  "embedding",
  "position",
  "input",
  "attentionNorm",
  "query",
  "key",
  "value",
  "weights",
  "context",
  "output",
  "attentionSum",
  "feedForwardNorm",
  "gate",
  "up",
  "hidden",
  "down",
  "feedForwardSum",
] as const;
export type BoxName = (typeof boxNames)[number];

/** What a step is called and computes. */
export interface Box {
  readonly name: BoxName;
  readonly title: string;
  readonly formula: string;
  readonly says: string;
}

/** The boxes of a layer in rows, in the order of the computation; which come where, the settings say. */
export function boxRows(settings: LayerSettings): readonly (readonly BoxName[])[] {
  const pre = settings.residual === "pre";
  const rows: (readonly BoxName[] | undefined)[] = [
    settings.positions === "sinusoids" ? ["embedding", "position"] : ["embedding"],
    ["input"],
    pre ? ["attentionNorm"] : undefined,
    ["query", "key", "value"],
    ["weights"],
    ["context"],
    ["output"],
    ["attentionSum"],
    pre ? ["feedForwardNorm"] : ["attentionNorm"],
    settings.feedForward === "gated" ? ["gate", "up"] : ["up"],
    ["hidden"],
    ["down"],
    ["feedForwardSum"],
    pre ? undefined : ["feedForwardNorm"],
  ];
  return rows.filter((row) => row !== undefined);
}

/** Which boxes feed which. */
export function flows(settings: LayerSettings): readonly (readonly [from: BoxName, to: BoxName])[] {
  const pre = settings.residual === "pre";
  const [attended, fed]: [BoxName, BoxName] = pre ? ["attentionNorm", "feedForwardNorm"] : ["input", "attentionNorm"];
  const widened: BoxName[] = settings.feedForward === "gated" ? ["gate", "up"] : ["up"];
  const list: [BoxName, BoxName][] = [["embedding", "input"]];
  if (settings.positions === "sinusoids") list.push(["position", "input"]);
  if (pre) list.push(["input", "attentionNorm"], ["attentionSum", "feedForwardNorm"]);
  for (const each of ["query", "key", "value"] as const) list.push([attended, each]);
  list.push(["query", "weights"], ["key", "weights"], ["weights", "context"], ["value", "context"], ["context", "output"]);
  list.push(["output", "attentionSum"]);
  if (!pre) list.push(["attentionSum", "attentionNorm"]);
  for (const each of widened) list.push([fed, each], [each, "hidden"]);
  list.push(["hidden", "down"], ["down", "feedForwardSum"]);
  if (!pre) list.push(["feedForwardSum", "feedForwardNorm"]);
  return list;
}

/** The ways around a sublayer: what is kept of the stream. */
export function skips({ residual }: LayerSettings): readonly (readonly [from: BoxName, to: BoxName])[] {
  return [
    ["input", "attentionSum"],
    [residual === "pre" ? "attentionSum" : "attentionNorm", "feedForwardSum"],
  ];
}

/** A box in words, under the settings. */
export function describeBox(name: BoxName, settings: LayerSettings): Box {
  const { norm, activation, feedForward, residual, positions, heads, width } = settings;
  const normFormula = norm === "LayerNorm" ? "(x − mean) / √(variance + ε) · weight + bias" : "x / √(mean of x² + ε) · weight";
  const turned = positions === "rotary" ? ", then turned by its position" : "";
  const described: Record<BoxName, Omit<Box, "name">> = {
    embedding: { title: "embedding", formula: "weight[id]", says: "A vector for each word, the same wherever it stands." },
    position: {
      title: "position",
      formula: "sin and cos of position · frequency",
      says: "A row for each position, the same whatever word stands there.",
    },
    input: {
      title: positions === "sinusoids" ? "+ position" : "x",
      formula: positions === "sinusoids" ? "embedding + position" : "embedding",
      says: "The stream that the layer reads and adds to: the same word at two places now differs, if positions are added.",
    },
    attentionNorm: {
      title: norm,
      formula: normFormula,
      says:
        residual === "pre"
          ? "What attention reads: every row brought to one size."
          : "The stream after attention: every row brought to one size.",
    },
    query: { title: "Q", formula: `Wq · x + b${turned}`, says: "What each token is looking for." },
    key: { title: "K", formula: `Wk · x + b${turned}`, says: "What each token represents." },
    value: { title: "V", formula: "Wv · x + b", says: "What each token carries to those that attend to it." },
    weights: {
      title: "attention weights",
      formula: `softmax(Q Kᵀ / √${width / heads}${settings.causal ? ", masked" : ""})`,
      says: "For every head: how much each query takes from each key. Rows sum to 1.",
    },
    context: {
      title: "weights · V",
      formula: "weights · V, the heads side by side",
      says: "What each token has gathered from the others.",
    },
    output: { title: "output projection", formula: "Wo · context + b", says: "The heads mixed into one vector for each token." },
    attentionSum: { title: "+", formula: "x + attention(…)", says: "The stream goes on, with what attention found added to it." },
    feedForwardNorm: {
      title: norm,
      formula: normFormula,
      says: residual === "pre" ? "What the feed-forward network reads." : "The output of the layer: every row brought to one size.",
    },
    gate: { title: "gate", formula: "Wg · x", says: "For every hidden number: how far its gate is open, before the activation." },
    up: {
      title: "up",
      formula: feedForward === "gated" ? "Wu · x" : "Wu · x + b",
      says: `Every vector widened from ${width} to ${expansion * width} hidden numbers.`,
    },
    hidden: {
      title: feedForward === "gated" ? `${activation} · up` : activation,
      formula: feedForward === "gated" ? `${activation}(gate) · up` : `${activation}(up)`,
      says: "The hidden numbers that are left: which fire depends on the token.",
    },
    down: { title: "down", formula: "Wd · hidden", says: "Narrowed again to the width of the stream." },
    feedForwardSum: { title: "+", formula: "x + feedForward(…)", says: "The stream with both sublayers added." },
  };
  return { name, ...described[name] };
}
