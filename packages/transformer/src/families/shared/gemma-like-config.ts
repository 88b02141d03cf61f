import { huggingFaceActivationName } from "@tfblocks/feed-forward";
import { checkInteger, type Complete } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { gemmaConfigDefaults, type GemmaLikeSizes, plainGemmaDefaults, windowLength } from "./gemma-like-sizes.js";
import { writeLlamaLike } from "./llama-like-config.js";
import { readLayerWindow, writeWindow } from "./window.js";

/** Fields of Gemma 2 and Gemma 3 beside those of Llama. */
export const gemmaFieldNames = [
  "attention_bias",
  "final_logit_softcapping",
  "hidden_activation",
  "layer_types",
  "query_pre_attn_scalar",
  "sliding_window",
] as const;

/** What Gemma 2 and Gemma 3 have beside the sizes of Llama. */
type GemmaSizes = Pick<Complete<GemmaLikeSizes>, "attentionBias" | "queryScalar" | "logitSoftcap" | "activation" | "window">;

/** @param absent where a config has no such fields: the cap of the logits, and which layers have a window */
export function readGemmaLike(
  config: ConfigReader,
  absent: { readonly logitSoftcap: number; readonly slides: (index: number) => boolean },
): GemmaSizes {
  return {
    attentionBias: config.flag("attention_bias", { absent: plainGemmaDefaults.attentionBias }),
    queryScalar: config.positive("query_pre_attn_scalar", { absent: gemmaConfigDefaults.queryScalar }),
    logitSoftcap: config.positive("final_logit_softcapping", { absent: absent.logitSoftcap, null: Infinity }),
    activation: config.activation("hidden_activation", { absent: plainGemmaDefaults.activation }),
    window: readLayerWindow(config, { slides: absent.slides, keys: windowLength }),
  };
}

/** @param classes what the names of its classes in transformers start with */
export function writeGemmaLike(sizes: Complete<GemmaLikeSizes>, classes: string): ModelConfig {
  checkInteger("modelConfig", "queryScalar", sizes.queryScalar, 1); // the type of the field
  const { hidden_act: _other, ...written } = writeLlamaLike(sizes, classes, { divisible: true });
  return {
    ...written,
    attention_bias: sizes.attentionBias,
    query_pre_attn_scalar: sizes.queryScalar,
    final_logit_softcapping: capOrNull(sizes.logitSoftcap),
    hidden_activation: huggingFaceActivationName(sizes.activation),
    ...writeWindow(sizes),
  };
}

/** No cap is null. */
export function capOrNull(cap: number): number | null {
  return cap === Infinity ? null : cap;
}
