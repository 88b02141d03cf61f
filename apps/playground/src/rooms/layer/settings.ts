import { anyText, flag, oneOf, type SettingsLink, whole } from "../../routing/settings-link.js";

/** Everything that decides the numbers of the layer. */
export interface LayerSettings {
  readonly text: string;
  /** Norms before the sublayers, as GPT-2 and Llama, or after the sums, as BERT. */
  readonly residual: "pre" | "post";
  readonly norm: "LayerNorm" | "RMSNorm";
  readonly positions: "sinusoids" | "rotary" | "none";
  readonly feedForward: "plain" | "gated";
  readonly activation: "gelu" | "silu" | "relu";
  readonly causal: boolean;
  readonly heads: number;
  readonly width: number;
  readonly seed: number;
}

export const layerWidths: readonly number[] = [16, 32, 64];
export const layerHeads: readonly number[] = [1, 2, 4, 8];

export const layerLink: SettingsLink<LayerSettings> = {
  version: "1",
  defaults: {
    text: "The cat sat on the mat because it was tired",
    residual: "pre",
    norm: "LayerNorm",
    positions: "sinusoids",
    feedForward: "plain",
    activation: "gelu",
    causal: true,
    heads: 4,
    width: 32,
    seed: 0,
  },
  fields: {
    text: anyText,
    residual: oneOf(["pre", "post"]),
    norm: oneOf(["LayerNorm", "RMSNorm"]),
    positions: oneOf(["sinusoids", "rotary", "none"]),
    feedForward: oneOf(["plain", "gated"]),
    activation: oneOf(["gelu", "silu", "relu"]),
    causal: flag,
    heads: oneOf(layerHeads),
    width: oneOf(layerWidths),
    seed: whole(0, 999_999),
  },
};

/** Hidden numbers of the feed-forward network for each number of a token's vector. */
export const expansion = 2;
