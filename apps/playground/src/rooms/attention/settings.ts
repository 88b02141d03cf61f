import type { ModelPartName } from "../../models/model-info.js";

/** Which keys come before which queries: every one, only earlier ones, or a prefix that all may see. */
export type Order = "all" | "causal" | "prefix";

/** Everything that decides the numbers of the attention room. */
export interface AttentionSettings {
  /** A trained model whose attention is shown, by the name of its folder; empty for freshly drawn weights. */
  readonly model: string;
  /** Which of the model's attentions, where it has several kinds. */
  readonly part: ModelPartName;
  readonly layer: number;
  readonly kind: "self" | "cross";
  /** The queries; in self-attention the keys and values too. */
  readonly text: string;
  /** The keys and values of cross-attention; the answer that a model's decoder has written so far. */
  readonly keyText: string;
  readonly order: Order;
  /** How many first keys every query may see, with order "prefix". */
  readonly prefix: number;
  readonly window: boolean;
  readonly left: number;
  readonly right: number;
  /** How many <pad> tokens follow the keys. */
  readonly padding: number;
  readonly hidePadding: boolean;
  readonly heads: number;
  readonly dModel: number;
  readonly seed: number;
}

export const defaultSettings: AttentionSettings = {
  model: "",
  part: "self",
  layer: 0,
  kind: "self",
  text: "The cat sat on the mat because it was tired",
  keyText: "Die Katze saß auf der Matte, weil sie müde war",
  order: "all",
  prefix: 3,
  window: false,
  left: 2,
  right: 2,
  padding: 0,
  hidePadding: true,
  heads: 4,
  dModel: 64,
  seed: 0,
};

/** As the lesson writes it; not imported from there, since the page would load all of TensorFlow.js with it. */
export const paddingToken = "<pad>";
export const headChoices: readonly number[] = [1, 2, 4, 8, 16];
export const widthChoices: readonly number[] = [16, 32, 64, 128, 256];
export const mostPadding = 16;
export const mostWindow = 255;
export const greatestSeed = 999_999;

/** Whether the padding is masked: without padding there is nothing to mask. */
export function hidesPadding({ padding, hidePadding }: AttentionSettings): boolean {
  return padding > 0 && hidePadding;
}
