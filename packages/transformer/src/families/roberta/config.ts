import type { Complete } from "@tfblocks/tensor-utils";
import { bertLikeFields, readBertLike, writeBertLike } from "../shared/bert-like-config.js";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import { plainDefaults, type RobertaSizes } from "./sizes.js";

export const fields: FamilyFields = bertLikeFields({ read: ["pad_token_id"] });

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): RobertaSizes {
  const exists = someEndsWith(names, "lm_head.layer_norm.weight");
  return {
    ...readBertLike(config, { exists, weight: "lm_head.decoder.weight", names }),
    numPositions: config.size("max_position_embeddings"),
    padId: config.count("pad_token_id", { absent: plainDefaults.padId }),
    maskedLanguageHead: exists,
    pooler: someEndsWith(names, "pooler.dense.weight"),
  };
}

/** @param classes what the names of the family's classes start with */
export function writeConfig(sizes: Complete<RobertaSizes>, classes: string): ModelConfig {
  const architecture = `${classes}${sizes.maskedLanguageHead ? "ForMaskedLM" : "Model"}`;
  return { ...writeBertLike(sizes, architecture), max_position_embeddings: sizes.numPositions, pad_token_id: sizes.padId };
}
