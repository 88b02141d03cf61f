import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import { checkInteger, type Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { readLayerWindow, writeWindow } from "../shared/window.js";
import { type Gemma2Sizes, plainDefaults, slides, trainedLength, windowLength } from "./sizes.js";

export const fields: FamilyFields = llamaLikeFields({
  read: [
    "attention_bias",
    "attn_logit_softcapping",
    "final_logit_softcapping",
    "hidden_activation",
    "layer_types",
    "query_pre_attn_scalar",
    "sliding_window",
  ],
  only: { use_bidirectional_attention: [false, null] },
});

/** Where a config has no such fields, transformers takes 4 key-value heads, and 256 for a head's width and `query_pre_attn_scalar`. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Gemma2Sizes {
  const defaults = { classes: "Gemma2", trainedLength, numKvHeads: 4, headDim: 256, tiedHead: true };
  const { attentionSoftcap, logitSoftcap, activation, attentionBias } = plainDefaults;
  return {
    ...readLlamaLike(config, names, defaults),
    attentionBias: config.flag("attention_bias", { absent: attentionBias }),
    queryScalar: config.positive("query_pre_attn_scalar", { absent: 256 }),
    attentionSoftcap: config.positive("attn_logit_softcapping", { absent: attentionSoftcap, null: Infinity }),
    logitSoftcap: config.positive("final_logit_softcapping", { absent: logitSoftcap, null: Infinity }),
    activation: config.activation("hidden_activation", { absent: activation }),
    window: readLayerWindow(config, { slides, keys: windowLength }),
  };
}

export function writeConfig(sizes: Complete<Gemma2Sizes>): ModelConfig {
  checkInteger("modelConfig", "queryScalar", sizes.queryScalar, 1); // the type of the field
  const { hidden_act: _other, ...written } = writeLlamaLike(sizes, "Gemma2", { divisible: true });
  const capOrNull = (cap: number) => (cap === Infinity ? null : cap);
  return {
    ...written,
    attention_bias: sizes.attentionBias,
    query_pre_attn_scalar: sizes.queryScalar,
    attn_logit_softcapping: capOrNull(sizes.attentionSoftcap),
    final_logit_softcapping: capOrNull(sizes.logitSoftcap),
    hidden_activation: huggingFaceActivationName(sizes.activation),
    ...writeWindow(sizes),
  };
}
