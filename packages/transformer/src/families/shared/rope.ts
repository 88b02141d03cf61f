import type { RotaryScaling } from "@tfblocks/positional";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** The rotary settings of a config. */
export interface Rope {
  readonly theta: number;
  readonly scaling: RotaryScaling | undefined;
  /** The fraction of each head that is rotated; undefined where the config does not have it. */
  readonly partial: number | undefined;
}

/** Reads `rope_parameters` (transformers 5), or `rope_theta` and `rope_scaling` (4). @param theta where the config has none */
export function readRope(config: ConfigReader, theta: number): Rope {
  const current = config.has("rope_parameters");
  const name = current ? "rope_parameters" : "rope_scaling";
  const inner = config.has(name) ? config.inner(name) : undefined;
  const thetaOf = current && inner!.has("rope_theta") ? inner! : config;
  const partialOf = inner?.has("partial_rotary_factor") ? inner : config;
  return {
    theta: thetaOf.positive("rope_theta", theta),
    scaling: inner && readScaling(inner, config),
    partial: partialOf.has("partial_rotary_factor") ? partialOf.positive("partial_rotary_factor") : undefined,
  };
}

function readScaling(rope: ConfigReader, config: ConfigReader): RotaryScaling | undefined {
  const type = rope.has("rope_type") ? rope.text("rope_type") : rope.text("type", "default");
  if (type === "default") return undefined;
  const read = Object.hasOwn(scalings, type) ? scalings[type as keyof typeof scalings] : undefined;
  if (read === undefined) {
    refuse(ValueError, "loadModel", "config.rope_type", `one of default, ${Object.keys(scalings).join(", ")}`, type);
  }
  const longest = () => config.size("max_position_embeddings");
  const original = () => (rope.has("original_max_position_embeddings") ? rope.size("original_max_position_embeddings") : longest());
  return read(rope, original);
}

const scalings = {
  linear: (rope: ConfigReader): RotaryScaling => ({ type: "linear", factor: rope.positive("factor") }),
  dynamic: (rope: ConfigReader, original: () => number): RotaryScaling => ({
    type: "dynamic",
    factor: rope.positive("factor"),
    originalMaxLength: original(),
  }),
  yarn: (rope: ConfigReader, original: () => number): RotaryScaling => ({
    type: "yarn",
    factor: rope.positive("factor"),
    originalMaxLength: original(),
    betaFast: rope.positive("beta_fast", 32),
    betaSlow: rope.positive("beta_slow", 1),
    truncate: rope.flag("truncate", true),
    ...optional(rope, { attention_factor: "attentionFactor", mscale: "mscale", mscale_all_dim: "mscaleAllDim" }),
  }),
  llama3: (rope: ConfigReader, original: () => number): RotaryScaling => ({
    type: "llama3",
    factor: rope.positive("factor"),
    lowFreqFactor: rope.positive("low_freq_factor"),
    highFreqFactor: rope.positive("high_freq_factor"),
    originalMaxLength: original(),
  }),
};

function optional(rope: ConfigReader, names: Readonly<Record<string, string>>): Record<string, number> {
  const present = Object.entries(names).filter(([theirs]) => rope.has(theirs));
  return Object.fromEntries(present.map(([theirs, ours]) => [ours, rope.positive(theirs)]));
}

/** Writes both forms, so that transformers 4 and 5 read them. */
export function writeRope({ theta, scaling, partial }: Pick<Rope, "theta"> & Partial<Rope>): ModelConfig {
  const share = partial === undefined ? {} : { partial_rotary_factor: partial };
  const parameters = { rope_type: scaling?.type ?? "default", ...(scaling && writtenScaling(scaling)) };
  return {
    rope_theta: theta,
    ...(scaling && { rope_scaling: parameters }),
    rope_parameters: { rope_theta: theta, ...parameters, ...share },
  };
}

const theirNames: Readonly<Record<string, string>> = {
  originalMaxLength: "original_max_position_embeddings",
  betaFast: "beta_fast",
  betaSlow: "beta_slow",
  attentionFactor: "attention_factor",
  mscaleAllDim: "mscale_all_dim",
  lowFreqFactor: "low_freq_factor",
  highFreqFactor: "high_freq_factor",
};

function writtenScaling({ type: _type, ...settings }: RotaryScaling): ModelConfig {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [theirNames[name] ?? name, value]));
}
