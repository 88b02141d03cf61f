import { type Complete, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { writePadToken } from "../shared/pad-token.js";
import type { ScalingTypes } from "../shared/rope-scaling.js";
import { readRope, readRotaryDim } from "../shared/rope.js";
import { readUniformWindow } from "../shared/window.js";
import { type Phi3Sizes, plainDefaults, trainedLength } from "./sizes.js";

/** Older configs give longrope other names. */
const types: ScalingTypes = { default: "default", longrope: "longrope", su: "longrope", yarn: "longrope" };

export const fields: FamilyFields = llamaLikeFields({ read: ["layer_types", "resid_pdrop", "sliding_window"], harmless: ["embd_pdrop"] });

/** Where a config has no `original_max_position_embeddings`, transformers takes 4096, even where its rotary settings have another. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Phi3Sizes {
  const { partial = 1, ...rope } = readRope(config, { theta: 10_000, trainedLength, unscaledLength: trainedLength, types });
  const { eps } = plainDefaults;
  const sizes = readLlamaLike(config, names, { classes: "Phi3", trainedLength, eps }, { ...rope, partial: undefined });
  return {
    ...sizes,
    ...readRotaryDim(config, "partial_rotary_factor", sizes.headDim * partial, rope),
    window: readUniformWindow(config),
    dropout: config.rate("resid_pdrop", { absent: 0 }),
  };
}

export function writeConfig(sizes: Complete<Phi3Sizes>): ModelConfig {
  const { scaling, rotaryDim, headDim, dropout } = sizes;
  checkScaling(sizes);
  return {
    ...writeLlamaLike(sizes, "Phi3"),
    ...writeLongRope(sizes),
    original_max_position_embeddings: scaling?.type === "longrope" ? scaling.originalMaxLength : trainedLength,
    partial_rotary_factor: rotaryDim / headDim,
    sliding_window: sizes.window(0) ?? null,
    ...writePadToken(sizes.vocabSize, 32_000),
    resid_pdrop: dropout,
    embd_pdrop: dropout,
    attention_dropout: dropout,
  };
}

/** transformers refuses configs that have these. */
function checkScaling({ scaling, dModel, numHeads, headDim }: Complete<Phi3Sizes>): void {
  if (scaling === undefined) return;
  if (scaling.type !== "longrope") refuse(ValueError, "modelConfig", "scaling.type", "longrope, the only one of Phi-3", scaling.type);
  if (headDim !== dModel / numHeads) {
    refuse(ValueError, "modelConfig", "headDim", `dModel / numHeads = ${dModel / numHeads} where frequencies are scaled`, headDim);
  }
}

/** transformers 4 reads the lists alone, and takes the ratio of the lengths for the factor. */
function writeLongRope({ scaling, trainedLength: longest, theta }: Complete<Phi3Sizes>): ModelConfig {
  if (scaling?.type !== "longrope" || scaling.attentionFactor !== undefined) return {};
  if (scaling.factor !== Math.max(1, longest / scaling.originalMaxLength)) return {};
  const lists = { short_factor: scaling.shortFactor, long_factor: scaling.longFactor };
  const parameters = { ...lists, rope_type: "longrope", original_max_position_embeddings: scaling.originalMaxLength, rope_theta: theta };
  return { rope_scaling: { type: "longrope", ...lists }, rope_parameters: parameters };
}
