import type { RotaryScaling } from "@tfblocks/positional";
import type { ConfigFields } from "./config-fields.js";
import type { ConfigReader } from "./config-reader.js";

/** The fields of `rope_parameters` and `rope_scaling`; settings by type of layer, such as Gemma 3's, are not read here. */
export const scalingFields: ConfigFields = {
  read: [
    "attention_factor",
    "beta_fast",
    "beta_slow",
    "factor",
    "high_freq_factor",
    "long_factor",
    "low_freq_factor",
    "mscale",
    "mscale_all_dim",
    "original_max_position_embeddings",
    "partial_rotary_factor",
    "rope_theta",
    "rope_type",
    "short_factor",
    "truncate",
    "type",
  ],
  only: { full_attention: [], mrope_section: [], sliding_attention: [] },
  harmless: ["finetuned"],
};

/** Lengths that a config names. */
interface Lengths {
  /** `max_position_embeddings`. */
  readonly longest: number;
  /** `original_max_position_embeddings`, default the longest. */
  readonly trained: number;
}

type Read = (rope: ConfigReader, lengths: Lengths) => RotaryScaling | undefined;

/** A type of scaling as transformers names it; `"default"` is none. */
type ScalingName = Exclude<RotaryScaling["type"], "ntk"> | "default";

/** Types of scaling by the names that a family gives them. */
export type ScalingTypes = Readonly<Record<string, ScalingName>>;

/** Reads the scaling of frequencies as transformers' `modeling_rope_utils` does; undefined for the default. @param types default all */
export function readScaling(rope: ConfigReader, lengths: Lengths, types: ScalingTypes = allTypes): RotaryScaling | undefined {
  const name = rope.has("rope_type") ? "rope_type" : "type";
  const type = rope.text(name, { absent: "default" });
  if (!Object.hasOwn(types, type)) rope.refuse(name, `one of ${Object.keys(types).join(", ")}`);
  return scalings[types[type]!](rope, lengths);
}

const scalings: Readonly<Record<ScalingName, Read>> = {
  default: () => undefined,
  linear: (rope) => ({ type: "linear", factor: rope.positive("factor") }),
  dynamic: (rope, { longest }) => ({ type: "dynamic", factor: rope.positive("factor"), originalMaxLength: longest }),
  yarn: (rope, { longest, trained }) => ({
    type: "yarn",
    factor: rope.positive("factor", { absent: longest / trained, null: longest / trained }),
    originalMaxLength: trained,
    betaFast: rope.positive("beta_fast", { absent: 32, null: 32 }),
    betaSlow: rope.positive("beta_slow", { absent: 1, null: 1 }),
    truncate: rope.flag("truncate", { absent: true }),
    ...readMscale(rope),
  }),
  llama3: (rope, { trained }) => ({
    type: "llama3",
    factor: rope.positive("factor"),
    lowFreqFactor: rope.positive("low_freq_factor"),
    highFreqFactor: rope.positive("high_freq_factor"),
    originalMaxLength: trained,
  }),
  longrope: readLongRope,
};

const allTypes: ScalingTypes = Object.fromEntries(Object.keys(scalings).map((name) => [name, name as ScalingName]));

function readMscale(rope: ConfigReader): { attentionFactor?: number; mscale?: number; mscaleAllDim?: number } {
  return {
    ...(isGiven(rope, "attention_factor") && { attentionFactor: rope.positive("attention_factor") }),
    ...(isGiven(rope, "mscale") && { mscale: rope.number("mscale") }),
    ...(isGiven(rope, "mscale_all_dim") && { mscaleAllDim: rope.number("mscale_all_dim") }),
  };
}

/** Where a config has no factor, it is the ratio of the lengths. */
function readLongRope(rope: ConfigReader, { longest, trained }: Lengths): RotaryScaling {
  const factor = rope.positive("factor", { absent: longest / trained, null: longest / trained });
  return {
    type: "longrope",
    shortFactor: rope.numbers("short_factor"),
    longFactor: rope.numbers("long_factor"),
    originalMaxLength: trained,
    ...(isGiven(rope, "attention_factor") ? { attentionFactor: rope.positive("attention_factor") } : { factor: Math.max(1, factor) }),
  };
}

function isGiven(rope: ConfigReader, name: string): boolean {
  return rope.has(name) && !rope.isNull(name);
}
