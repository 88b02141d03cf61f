import { decimal, flag, oneOf, type SettingsLink, whole } from "../../../routing/settings-link.js";

/** The positional encodings to choose from. */
export const encodings = ["sinusoids", "rotary", "alibi", "t5"] as const;
export type Encoding = (typeof encodings)[number];

/** The names of the encodings on the page. */
export const encodingNames: Record<Encoding, string> = { sinusoids: "Sinusoids", rotary: "RoPE", alibi: "ALiBi", t5: "T5" };

/** The scalings of a rotary embedding to choose from. */
export const scalings = ["none", "linear", "ntk", "dynamic", "yarn", "llama3"] as const;
export type Scaling = (typeof scalings)[number];

/** The ways in which a rotary embedding pairs dimensions. */
export const pairings = ["half", "interleaved"] as const;

/** The settings of the positional encoding. */
export interface PositionSettings {
  readonly encoding: Encoding;
  /** Number of positions. */
  readonly length: number;
  /** dModel of sinusoids; headDim of a rotary embedding. */
  readonly width: number;
  /** The base of the frequencies. */
  readonly theta: number;
  readonly pairing: (typeof pairings)[number];
  readonly scaling: Scaling;
  /** Factor by which the scaling extends the context. */
  readonly factor: number;
  /** Context length in training. */
  readonly trained: number;
  readonly heads: number;
  readonly buckets: number;
  readonly maxDistance: number;
  readonly bidirectional: boolean;
  readonly seed: number;
}

export const longest = 256;
export const widths: readonly number[] = [8, 16, 32, 64, 128];
export const thetas: readonly number[] = [100, 1000, 10_000, 500_000];
export const headCounts: readonly number[] = [1, 2, 4, 6, 8];
export const bucketCounts: readonly number[] = [8, 16, 32, 64];

export const positionLink: SettingsLink<PositionSettings> = {
  defaults: {
    encoding: "sinusoids",
    length: 64,
    width: 64,
    theta: 10_000,
    pairing: "half",
    scaling: "none",
    factor: 4,
    trained: 32,
    heads: 4,
    buckets: 16,
    maxDistance: 64,
    bidirectional: true,
    seed: 0,
  },
  fields: {
    encoding: oneOf(encodings),
    length: whole(2, longest),
    width: oneOf(widths),
    theta: decimal(1.01, 1e9),
    pairing: oneOf(pairings),
    scaling: oneOf(scalings),
    factor: whole(1, 32),
    trained: whole(2, longest),
    heads: whole(1, 16),
    buckets: oneOf(bucketCounts),
    maxDistance: whole(33, 1024),
    bidirectional: flag,
    seed: whole(0, 999_999),
  },
};

/** The `scaling` option of `RotaryEmbedding`. */
export function scalingOf({ scaling, factor, trained }: Pick<PositionSettings, "scaling" | "factor" | "trained">) {
  switch (scaling) {
    case "none":
      return undefined;
    case "linear":
    case "ntk":
      return { type: scaling, factor } as const;
    case "dynamic":
    case "yarn":
      return { type: scaling, factor, originalMaxLength: trained } as const;
    default:
      return { type: scaling, factor, lowFreqFactor: 1, highFreqFactor: 4, originalMaxLength: trained } as const;
  }
}
