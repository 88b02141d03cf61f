import type { Complete } from "@tfblocks/tensor-utils";
import { bertLikeFields, readBertLike, writeBertLike } from "../shared/bert-like-config.js";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { someEndsWith } from "../shared/encoder.js";
import type { BertSizes } from "./sizes.js";

export const fields: FamilyFields = bertLikeFields();

export function readConfig(config: ConfigReader, names: ReadonlySet<string>): BertSizes {
  const exists = someEndsWith(names, "cls.predictions.transform.dense.weight");
  return {
    ...readBertLike(config, { exists, weight: "cls.predictions.decoder.weight", names }),
    maxLength: config.size("max_position_embeddings"),
    maskedLanguageHead: exists,
    pooler: someEndsWith(names, "pooler.dense.weight"),
  };
}

export function writeConfig(sizes: Complete<BertSizes>): ModelConfig {
  const architecture = sizes.maskedLanguageHead ? "BertForMaskedLM" : "BertModel";
  return { ...writeBertLike(sizes, architecture), max_position_embeddings: sizes.maxLength };
}
