import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { capOrNull, gemmaFieldNames, readGemmaLike, writeGemmaLike } from "../shared/gemma-like-config.js";
import { gemmaConfigDefaults } from "../shared/gemma-like-sizes.js";
import { llamaLikeFields, readLlamaLike } from "../shared/llama-like-config.js";
import { type Gemma2Sizes, plainDefaults, slides, trainedLength } from "./sizes.js";

export const fields: FamilyFields = llamaLikeFields({
  read: ["attn_logit_softcapping", ...gemmaFieldNames],
  only: { use_bidirectional_attention: [false, null] },
});

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Gemma2Sizes {
  const { numKvHeads, headDim } = gemmaConfigDefaults;
  const { attentionSoftcap, logitSoftcap } = plainDefaults;
  return {
    ...readLlamaLike(config, names, { classes: "Gemma2", trainedLength, numKvHeads, headDim, tiedHead: true }),
    ...readGemmaLike(config, { logitSoftcap, slides }),
    attentionSoftcap: config.positive("attn_logit_softcapping", { absent: attentionSoftcap, null: Infinity }),
  };
}

export function writeConfig(sizes: Complete<Gemma2Sizes>): ModelConfig {
  return { ...writeGemmaLike(sizes, "Gemma2"), attn_logit_softcapping: capOrNull(sizes.attentionSoftcap) };
}
