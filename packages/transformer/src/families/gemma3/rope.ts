import type { ConfigFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { readScaling, scalingFields } from "../shared/rope-scaling.js";
import type { Rope } from "../shared/rope.js";
import { plainDefaults, trainedLength } from "./sizes.js";

/** Fields from which {@link readLayerRopes} reads beside those of every rotary family. */
export const layerRopeFieldNames = ["rope_local_base_freq"] as const;

/** `rope_parameters` of transformers 5: one set of settings for each type of layer. Settings beside them are not read there. */
const byLayerType: ConfigFields = {
  read: ["full_attention", "sliding_attention"],
  only: { ...Object.fromEntries(scalingFields.read.map((name) => [name, []])), rope_type: ["default"] },
  harmless: [],
};

/** The settings of layers with a window, whose frequencies are never scaled here. */
const slidingFields: ConfigFields = {
  read: ["rope_theta"],
  only: { partial_rotary_factor: [1], rope_type: ["default"], type: ["default"] },
  harmless: scalingFields.read.filter((name) => !["partial_rotary_factor", "rope_theta", "rope_type", "type"].includes(name)),
};

/** The rotary settings of layers without a window, and the base of those with one. */
export interface LayerRopes {
  readonly full: Rope;
  readonly localTheta: number;
}

/**
 * Reads `rope_parameters` by type of layer (transformers 5), or `rope_theta`, `rope_scaling` and `rope_local_base_freq` (4). Where both
 * are there, the fields of `rope_scaling` count, as in transformers.
 */
export function readLayerRopes(config: ConfigReader): LayerRopes {
  const layers = given(config, "rope_parameters") ? config.inner("rope_parameters", byLayerType) : undefined;
  const sliding = layers && given(layers, "sliding_attention") ? layers.inner("sliding_attention", slidingFields) : undefined;
  const full = readFull(config, layers && given(layers, "full_attention") ? layers.inner("full_attention", scalingFields) : undefined);
  const { theta, localTheta } = plainDefaults;
  return {
    full: {
      theta: full?.has("rope_theta") ? full.positive("rope_theta") : config.positive("rope_theta", { absent: theta }),
      scaling: full && readScaling(full, lengths(config, full)),
      partial: partialOf(full ?? config) ?? partialOf(config),
    },
    localTheta: sliding?.has("rope_theta")
      ? sliding.positive("rope_theta")
      : config.positive("rope_local_base_freq", { absent: localTheta }),
  };
}

/** The settings of layers without a window, from both places. transformers 5 reads the type of `rope_scaling` by its new name only. */
function readFull(config: ConfigReader, own: ConfigReader | undefined): ConfigReader | undefined {
  if (!given(config, "rope_scaling")) return own;
  const both = config.inner("rope_scaling", scalingFields, own);
  const isOld = given(both, "type") && !both.has("rope_type");
  if (isOld) both.refuse("type", "beside an equal rope_type, without which transformers 5 ignores it");
  return both;
}

function lengths(config: ConfigReader, rope: ConfigReader): { readonly longest: number; readonly trained: number } {
  const longest = config.size("max_position_embeddings", { absent: trainedLength });
  return { longest, trained: rope.size("original_max_position_embeddings", { absent: longest }) };
}

function partialOf(reader: ConfigReader): number | undefined {
  return given(reader, "partial_rotary_factor") ? reader.positive("partial_rotary_factor") : undefined;
}

function given(reader: ConfigReader, name: string): boolean {
  return reader.has(name) && !reader.isNull(name);
}

/** The written settings of one rotary base, with the second base, in the forms of transformers 4 and 5. */
export function writeLayerRopes({ rope_parameters: full, ...flat }: ModelConfig, localTheta: number): ModelConfig {
  return {
    ...flat,
    rope_local_base_freq: localTheta,
    rope_parameters: { full_attention: full, sliding_attention: { rope_type: "default", rope_theta: localTheta } },
  };
}
