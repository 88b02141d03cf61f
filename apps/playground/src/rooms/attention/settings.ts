import type { ModelPartName } from "../../models/model-info.js";

/** Which keys a query may attend to by their order: all, only earlier ones, or a prefix and earlier ones. */
export const orders = ["all", "causal", "prefix"] as const;
export type Order = (typeof orders)[number];

/** The settings of the attention room. */
export interface AttentionSettings {
  /** The folder name of a trained model; empty for random weights. */
  readonly model: string;
  /** The kind of attention, for models that have several. */
  readonly part: ModelPartName;
  readonly layer: number;
  readonly kind: "self" | "cross";
  /** The source of the queries, and in self-attention of the keys and values. */
  readonly text: string;
  /** The source of the keys and values in cross-attention; for an encoder-decoder, the output that the decoder has generated so far. */
  readonly keyText: string;
  readonly order: Order;
  /** Number of keys in the prefix, for order "prefix". */
  readonly prefix: number;
  readonly window: boolean;
  readonly left: number;
  readonly right: number;
  /** Number of <pad> tokens after the keys. */
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

/** The same as in `@tfblocks/lesson`, which is not imported here because it would load TensorFlow.js into the page. */
export const paddingToken = "<pad>";
export const headChoices: readonly number[] = [1, 2, 4, 8, 16];
export const widthChoices: readonly number[] = [16, 32, 64, 128, 256];
export const maxPadding = 16;
export const maxWindow = 255;
export const maxSeed = 999_999;

/** Whether there is padding and it is masked. */
export function hidesPadding({ padding, hidePadding }: AttentionSettings): boolean {
  return padding > 0 && hidePadding;
}
