import type { RotaryScaling } from "@tfblocks/positional";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ModelConfig } from "./config-reader.js";

/** Names of transformers for the settings of a scaling, other than those that are the same. */
const theirNames: Readonly<Record<string, string>> = {
  attentionFactor: "attention_factor",
  betaFast: "beta_fast",
  betaSlow: "beta_slow",
  highFreqFactor: "high_freq_factor",
  longFactor: "long_factor",
  lowFreqFactor: "low_freq_factor",
  mscaleAllDim: "mscale_all_dim",
  originalMaxLength: "original_max_position_embeddings",
  shortFactor: "short_factor",
  type: "rope_type",
};

/** A scaling as transformers writes it. @throws ValueError for one that transformers does not have */
export function writeScaling(scaling: RotaryScaling): ModelConfig {
  if (scaling.type === "ntk") {
    const known = "one that transformers has: linear, dynamic, yarn, llama3 or longrope";
    refuse(ValueError, "modelConfig", "scaling.type", known, "ntk", "its effect is that of a larger theta, which a config can name");
  }
  const { originalMaxLength, ...rest } = scaling as { readonly originalMaxLength?: number };
  const settings = scaling.type === "dynamic" || originalMaxLength === undefined ? rest : { ...rest, originalMaxLength };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [theirNames[name] ?? name, value]));
}
