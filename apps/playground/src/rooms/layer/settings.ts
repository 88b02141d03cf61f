import { anyText, flag, oneOf, type SettingsLink, whole } from "../../routing/settings-link.js";

export const residuals = ["pre", "post"] as const;
export const norms = ["LayerNorm", "RMSNorm"] as const;
export const positionKinds = ["sinusoids", "rotary", "none"] as const;
export const feedForwards = ["plain", "gated"] as const;
export const activations = ["gelu", "silu", "relu"] as const;

/** The settings of the layer. */
export interface LayerSettings {
  readonly text: string;
  /** Norms before the sublayers, as in GPT-2 and Llama, or after the sums, as in BERT. */
  readonly residual: (typeof residuals)[number];
  readonly norm: (typeof norms)[number];
  readonly positions: (typeof positionKinds)[number];
  readonly feedForward: (typeof feedForwards)[number];
  readonly activation: (typeof activations)[number];
  readonly causal: boolean;
  readonly heads: number;
  readonly width: number;
  readonly seed: number;
}

export const layerWidths: readonly number[] = [16, 32, 64];
export const layerHeads: readonly number[] = [1, 2, 4, 8];

export const layerLink: SettingsLink<LayerSettings> = {
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
    residual: oneOf(residuals),
    norm: oneOf(norms),
    positions: oneOf(positionKinds),
    feedForward: oneOf(feedForwards),
    activation: oneOf(activations),
    causal: flag,
    heads: oneOf(layerHeads),
    width: oneOf(layerWidths),
    seed: whole(0, 999_999),
  },
};

/** hiddenDim / dModel of the feed-forward network. */
export const expansion = 2;
