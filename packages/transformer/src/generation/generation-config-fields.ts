import { refuse, ValueError } from "@tfblocks/tensor-utils";

/** Every field of `GenerationConfig` in transformers 5.23 is in one of these lists. Other fields have no effect there either. */

/** Fields that become options. */
export const honouredFields: readonly string[] = [
  "max_length",
  "max_new_tokens",
  "min_length",
  "min_new_tokens",
  "stop_strings",
  "do_sample",
  "temperature",
  "top_k",
  "top_p",
  "min_p",
  "repetition_penalty",
  "no_repeat_ngram_size",
  "bad_words_ids",
  "sequence_bias",
  "suppress_tokens",
  "begin_suppress_tokens",
  "forced_bos_token_id",
  "renormalize_logits",
  "eos_token_id",
  "pad_token_id",
  "num_beams",
  "length_penalty",
  "early_stopping",
  "num_return_sequences",
];

/** Fields that do not change the tokens: start tokens, which are part of a prompt here; speed; outputs; assistants, which are separate models. */
export const harmlessFields: readonly string[] = [
  "bos_token_id",
  "decoder_start_token_id",
  "use_cache",
  "cache_config",
  "max_cache_len",
  "prefill_chunk_size",
  "compile_config",
  "disable_compile",
  "continuous_batching_config",
  "output_attentions",
  "output_hidden_states",
  "output_scores",
  "output_logits",
  "return_dict_in_generate",
  "is_assistant",
  "num_assistant_tokens",
  "num_assistant_tokens_schedule",
  "assistant_confidence_threshold",
  "prompt_lookup_num_tokens",
  "max_matching_ngram_size",
  "assistant_early_exit",
  "assistant_lookbehind",
  "target_lookbehind",
  "assistant_ensemble_weight",
  "speculation_type",
  "use_mtp",
  "transformers_version",
  "_from_model_config",
];

type IsNeutral = (value: unknown, config: Readonly<Record<string, unknown>>) => boolean;

const is =
  (...values: unknown[]): IsNeutral =>
  (value) =>
    values.includes(value);
/** Fields of draws, which have no effect without `do_sample`. */
const drawing =
  (isNeutral: (value: number) => boolean): IsNeutral =>
  (value, { do_sample: draws }) =>
    draws !== true || (typeof value === "number" && isNeutral(value));

/** Fields that are refused, unless they are null or have a value that changes nothing. */
export const refusedFields: Readonly<Record<string, IsNeutral>> = {
  max_time: is(),
  typical_p: drawing((value) => value >= 1),
  epsilon_cutoff: drawing((value) => value <= 0 || value >= 1),
  eta_cutoff: drawing((value) => value <= 0 || value >= 1),
  top_h: drawing(() => false),
  encoder_repetition_penalty: is(1),
  encoder_no_repeat_ngram_size: is(0),
  forced_eos_token_id: is(),
  remove_invalid_values: is(false),
  exponential_decay_length_penalty: is(),
  token_healing: is(false),
  guidance_scale: is(1),
  watermarking_config: is(),
  cache_implementation: (value) => value !== "quantized",
  low_memory: is(false),
  penalty_alpha: is(0),
  dola_layers: is(),
  diversity_penalty: is(0),
  num_beam_groups: is(1),
  constraints: is(),
  force_words_ids: is(),
};

/** @throws ValueError that names a field which changes the tokens and is not supported */
export function refuseUnsupported(operation: string, config: Readonly<Record<string, unknown>>): void {
  for (const [name, isNeutral] of Object.entries(refusedFields)) {
    const value = config[name] ?? null;
    if (value === null || isNeutral(value, config)) continue;
    const advice = "it is not supported; remove it if other tokens are acceptable";
    refuse(ValueError, operation, `config.${name}`, "absent or without effect", JSON.stringify(value), advice);
  }
}
