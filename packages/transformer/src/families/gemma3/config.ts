import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { gemmaFieldNames, readGemmaLike, writeGemmaLike } from "../shared/gemma-like-config.js";
import { gemmaConfigDefaults } from "../shared/gemma-like-sizes.js";
import { llamaLikeFields, readLlamaLike } from "../shared/llama-like-config.js";
import { layerRopeFieldNames, readLayerRopes, writeLayerRopes } from "./rope.js";
import { fullInterval, type Gemma3Sizes, plainDefaults, slidesBut, trainedLength } from "./sizes.js";

/** The class of transformers without a head; `Gemma3Model` is the one with images. */
const bareClass = "Gemma3TextModel";

/** transformers keeps `attn_logit_softcapping`, but does not compute with it. */
export const fields: FamilyFields = llamaLikeFields({
  read: [...gemmaFieldNames, ...layerRopeFieldNames, "sliding_window_pattern"],
  only: { attn_logit_softcapping: [null], text_config: [], use_bidirectional_attention: [false, null], vision_config: [] },
  harmless: ["_sliding_window_pattern", "image_token_id", "mm_tokens_per_image"],
});

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Gemma3Sizes {
  const { numKvHeads, headDim } = gemmaConfigDefaults;
  const { full, localTheta } = readLayerRopes(config);
  const slides = slidesBut(config.size("sliding_window_pattern", { absent: fullInterval }));
  return {
    ...readLlamaLike(config, names, { classes: "Gemma3", bareClass, trainedLength, numKvHeads, headDim, tiedHead: true }, full),
    ...readGemmaLike(config, { logitSoftcap: plainDefaults.logitSoftcap, slides }),
    localTheta,
  };
}

export function writeConfig(sizes: Complete<Gemma3Sizes>): ModelConfig {
  return {
    ...writeLayerRopes(writeGemmaLike(sizes, "Gemma3"), sizes.localTheta),
    ...(!sizes.languageHead && { architectures: [bareClass] }),
  };
}
