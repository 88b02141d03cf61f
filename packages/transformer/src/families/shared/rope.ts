import type { RotaryScaling } from "@tfblocks/positional";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { readScaling, scalingFields, type ScalingTypes } from "./rope-scaling.js";
import { writeScaling } from "./written-scaling.js";

/** The rotary settings of a config. */
export interface Rope {
  readonly theta: number;
  readonly scaling: RotaryScaling | undefined;
  /** The fraction of each head that is rotated; undefined where the config does not have it. */
  readonly partial: number | undefined;
}

/** Fields from which {@link readRope} reads, beside those outside the rotary settings. */
export const ropeFieldNames = ["max_position_embeddings", "original_max_position_embeddings", "rope_parameters", "rope_scaling"] as const;

/** The names of fields that may stand outside the rotary settings, where transformers 4 had them. */
interface OutsideNames {
  readonly theta: string;
  readonly partial: string;
}

export const outsideNames: OutsideNames = { theta: "rope_theta", partial: "partial_rotary_factor" };

/** What {@link readRope} needs to know of a family. */
interface RopeDefaults {
  /** Where the config has none. */
  readonly theta: number;
  /** Where the config has no `max_position_embeddings`. */
  readonly trainedLength: number;
  /** Default `rope_theta` and `partial_rotary_factor`. */
  readonly outside?: OutsideNames;
  /** Where the config has no `original_max_position_embeddings` outside its rotary settings; default what those say. */
  readonly unscaledLength?: number;
  /** The types of scaling that the family has, by their names there; default all by their own names. */
  readonly types?: ScalingTypes;
}

/**
 * Reads `rope_parameters` (transformers 5), or `rope_theta` and `rope_scaling` (4). Where both are there, `rope_scaling` counts, as
 * in transformers.
 */
export function readRope(config: ConfigReader, defaults: RopeDefaults): Rope {
  const { theta, trainedLength, outside = outsideNames, unscaledLength, types } = defaults;
  const name = ["rope_scaling", "rope_parameters"].find((each) => config.has(each) && !config.isNull(each));
  const inner = name === undefined ? undefined : config.inner(name, scalingFields);
  const longest = config.size("max_position_embeddings", { absent: trainedLength });
  return {
    theta: (inner && given(inner, "rope_theta")) ?? given(config, outside.theta) ?? theta,
    scaling: inner && readScaling(inner, { longest, trained: trainedOf(config, inner, { longest, unscaledLength }) }, types),
    partial: (inner && given(inner, "partial_rotary_factor")) ?? given(config, outside.partial),
  };
}

function given(config: ConfigReader, name: string): number | undefined {
  return config.has(name) && !config.isNull(name) ? config.positive(name) : undefined;
}

/** The length in training before the scaling: outside the rotary settings it counts most. */
function trainedOf(
  config: ConfigReader,
  rope: ConfigReader,
  { longest, unscaledLength }: { readonly longest: number; readonly unscaledLength: number | undefined },
): number {
  const name = "original_max_position_embeddings";
  if (unscaledLength !== undefined) return config.size(name, { absent: unscaledLength });
  return [config, rope].find((each) => each.has(name) && !each.isNull(name))?.size(name) ?? longest;
}

/**
 * The number of dimensions that are rotated. transformers rotates one more than an odd number, at the frequencies theta^(-2i / dims) of
 * the odd one; those are the frequencies of the even number at theta^((dims + 1) / dims).
 *
 * @param field that gives their number @param dims rounded down
 */
export function readRotaryDim(
  config: ConfigReader,
  field: string,
  dims: number,
  { theta, scaling }: Pick<Rope, "theta" | "scaling">,
): { rotaryDim: number; theta: number } {
  const rotaryDim = Math.floor(dims);
  if (rotaryDim % 2 === 0) return { rotaryDim, theta };
  if (scaling !== undefined) config.refuse(field, "one that gives an even number of dimensions, where frequencies are scaled", rotaryDim);
  return { rotaryDim: rotaryDim + 1, theta: theta ** ((rotaryDim + 1) / rotaryDim) };
}

/** Refuses a config that rotates only a part of each head. */
export function refusePartial(config: ConfigReader, { partial = 1 }: Rope): void {
  if (partial !== 1) config.refuse("partial_rotary_factor", "1, or absent", partial);
}

/** Writes both forms, so that transformers 4 and 5 read them. @throws ValueError when a config cannot express the scaling */
export function writeRope({ theta, scaling, partial }: Pick<Rope, "theta"> & Partial<Rope>, trainedLength: number): ModelConfig {
  const share = partial === undefined ? {} : { partial_rotary_factor: partial };
  const parameters = scaling === undefined ? { rope_type: "default" } : writeScaling(scaling);
  return {
    max_position_embeddings: longestOf(scaling, trainedLength),
    rope_theta: theta,
    ...(scaling && { rope_scaling: { ...parameters, rope_theta: theta, ...share } }),
    rope_parameters: { rope_theta: theta, ...parameters, ...share },
  };
}

/** Dynamic scaling starts where `max_position_embeddings` says. */
function longestOf(scaling: RotaryScaling | undefined, trainedLength: number): number {
  if (scaling?.type !== "dynamic") return trainedLength;
  if (Number.isInteger(scaling.originalMaxLength)) return scaling.originalMaxLength;
  return refuse(ValueError, "modelConfig", "scaling.originalMaxLength", "an integer", scaling.originalMaxLength);
}
