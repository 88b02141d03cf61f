import { anyText, flag, oneOf, type SettingsLink, whole } from "../../../routing/settings-link.js";

/** The activations to choose from, by their names in `@tfblocks/feed-forward`. */
export const activations = ["gelu", "geluTanh", "silu", "relu", "relu2", "quickGelu", "sigmoid", "tanh", "identity"] as const;
export type ActivationChoice = (typeof activations)[number];

/** The names of the activations on the page. */
export const activationTitles: Record<ActivationChoice, string> = {
  gelu: "GELU",
  geluTanh: "GELU (tanh)",
  silu: "SiLU (Swish)",
  relu: "ReLU",
  relu2: "ReLU²",
  quickGelu: "quick GELU",
  sigmoid: "sigmoid",
  tanh: "tanh",
  identity: "identity",
};

/** The settings of the feed-forward network. */
export interface FeedForwardSettings {
  readonly text: string;
  readonly activation: ActivationChoice;
  readonly compared: ActivationChoice;
  readonly gated: boolean;
  readonly width: number;
  /** hiddenDim / dModel. */
  readonly expansion: number;
  readonly seed: number;
}

export const feedForwardWidths: readonly number[] = [8, 16, 32, 64];
export const expansions: readonly number[] = [1, 2, 4, 8];

export const feedForwardLink: SettingsLink<FeedForwardSettings> = {
  defaults: {
    text: "The cat sat on the mat because it was tired",
    activation: "gelu",
    compared: "relu",
    gated: false,
    width: 16,
    expansion: 4,
    seed: 0,
  },
  fields: {
    text: anyText,
    activation: oneOf(activations),
    compared: oneOf(activations),
    gated: flag,
    width: oneOf(feedForwardWidths),
    expansion: oneOf(expansions),
    seed: whole(0, 999_999),
  },
};
