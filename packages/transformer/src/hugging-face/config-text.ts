import type { ModelConfig } from "../families/shared/config-reader.js";

/** Fields in which transformers 5 refuses integers; JSON.stringify writes 6.0 as 6. */
const floats = [
  "attention_factor",
  "attn_logit_softcapping",
  "beta_fast",
  "beta_slow",
  "factor",
  "final_logit_softcapping",
  "high_freq_factor",
  "initializer_factor",
  "initializer_range",
  "layer_norm_eps",
  "layer_norm_epsilon",
  "low_freq_factor",
  "mscale",
  "mscale_all_dim",
  "partial_rotary_factor",
  "rms_norm_eps",
  "rope_theta",
  "rotary_pct",
];

/** A `config.json`, indented, with a fraction in those fields. */
export function configText(config: ModelConfig): string {
  const whole = new RegExp(`("(?:${floats.join("|")})": -?\\d+)(?=,?$)`, "gm");
  return `${JSON.stringify(config, null, 2).replace(whole, "$1.0")}\n`;
}
