import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { type GraniteSizes, plainDefaults, trainedLength } from "./sizes.js";

export const fields: FamilyFields = llamaLikeFields({
  read: ["attention_bias", "attention_multiplier", "embedding_multiplier", "logits_scaling", "mlp_bias", "residual_multiplier"],
});

/** Where a config has no `attention_multiplier`, transformers takes 1. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): GraniteSizes {
  const { attentionBias, feedForwardBias, embeddingScale, residualScale, logitDivisor } = plainDefaults;
  return {
    ...readLlamaLike(config, names, { classes: "Granite", trainedLength }),
    attentionBias: config.flag("attention_bias", { absent: attentionBias }),
    feedForwardBias: config.flag("mlp_bias", { absent: feedForwardBias }),
    embeddingScale: config.positive("embedding_multiplier", { absent: embeddingScale }),
    attentionScale: config.positive("attention_multiplier", { absent: 1 }),
    residualScale: config.positive("residual_multiplier", { absent: residualScale }),
    logitDivisor: config.positive("logits_scaling", { absent: logitDivisor }),
  };
}

export function writeConfig(sizes: Complete<GraniteSizes>): ModelConfig {
  return {
    ...writeLlamaLike(sizes, "Granite"),
    attention_bias: sizes.attentionBias,
    mlp_bias: sizes.feedForwardBias,
    embedding_multiplier: sizes.embeddingScale,
    attention_multiplier: sizes.attentionScale,
    residual_multiplier: sizes.residualScale,
    logits_scaling: sizes.logitDivisor,
  };
}
