import type { LayerStage } from "../../../reading/readings.js";

/** What a stage of a layer is called, and what it is. */
export interface StageWords {
  readonly title: string;
  readonly meaning: string;
}

const attention = (title: string, from: string): Readonly<Record<string, StageWords>> => ({
  query: { title: `${title}queries`, meaning: "What each token looks for, all heads beside each other, before any rotation." },
  key: { title: `${title}keys`, meaning: `What each token of ${from} offers, before any rotation.` },
  value: { title: `${title}values`, meaning: `What each token of ${from} passes on.` },
  output: { title: `${title}heads`, meaning: "What the heads have gathered: weights times values, all heads beside each other." },
  "": { title: `${title}attention adds`, meaning: "The heads mixed into one vector for each token. This is added to the stream." },
});

const words: Readonly<Record<string, StageWords>> = {
  ...named("attention", attention("", "the text")),
  ...named("crossAttention", attention("cross ", "the text, which the encoder has read,")),
  attentionNorm: { title: "norm", meaning: "Each row brought to the same size, so that attention reads numbers of one scale." },
  attentionPostNorm: { title: "norm after attention", meaning: "What attention adds, brought to the same size before it is added." },
  crossAttentionNorm: { title: "norm", meaning: "Each row brought to the same size, for cross-attention." },
  crossAttentionPostNorm: { title: "norm after cross-attention", meaning: "What cross-attention adds, brought to the same size." },
  feedForwardNorm: { title: "norm", meaning: "Each row brought to the same size, for the feed-forward network." },
  feedForwardPostNorm: { title: "norm after feed-forward", meaning: "What the network adds, brought to the same size before it is added." },
  "feedForward.gate": { title: "gates", meaning: "How far each hidden unit is opened, before the activation." },
  "feedForward.up": { title: "up", meaning: "Each vector widened to the hidden units of the network." },
  "feedForward.down": { title: "hidden units", meaning: "The units after the activation. Which of them are active depends on the token." },
  feedForward: { title: "feed-forward adds", meaning: "The hidden units brought back to the width of the stream. This is added to it." },
};

/** @throws never: an unknown part is called by its name */
export function stageWords({ part, side }: Pick<LayerStage, "part" | "side">): StageWords {
  if (part === "") return side === "input" ? before : after;
  if (side === "input" && part.endsWith("Norm")) return between;
  return words[part] ?? { title: part, meaning: "" };
}

const before: StageWords = { title: "stream before", meaning: "The residual stream that enters the layer: one vector for each token." };
const between: StageWords = { title: "stream in between", meaning: "The stream after what stands above was added to it." };
const after: StageWords = { title: "stream after", meaning: "What leaves the layer, and enters the next one." };

function named(part: string, inner: Readonly<Record<string, StageWords>>): Record<string, StageWords> {
  return Object.fromEntries(Object.entries(inner).map(([name, each]) => [name === "" ? part : `${part}.${name}`, each]));
}
