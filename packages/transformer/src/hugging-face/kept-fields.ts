import type { ConfigFields } from "../families/shared/config-fields.js";
import type { ModelConfig } from "../families/shared/config-reader.js";

/** What describes files that are not kept: code beside the config, and weights of mlx-lm. */
const ofFiles = ["auto_map", "quantization"];

/**
 * The fields of a loaded config that are kept when its model is saved: those from which no size follows and with which
 * transformers computes nothing, so that none can contradict the sizes. For example `pad_token_id`, `id2label`, `task_specific_params`.
 */
export function keptFields(fields: Required<ConfigFields>, config: ModelConfig): ModelConfig {
  const decided = new Set([...fields.read, ...Object.keys(fields.aliases), ...Object.keys(fields.only), ...ofFiles]);
  return Object.fromEntries(Object.entries(config).filter(([name]) => !decided.has(name)));
}
