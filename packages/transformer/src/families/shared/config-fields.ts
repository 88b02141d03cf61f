/**
 * What is done with the fields of a config that transformers' classes of a `model_type` know. A field that is in no list is
 * unknown to those classes too, which ignore it.
 */
export interface ConfigFields {
  /** Fields from which the sizes follow. */
  readonly read: readonly string[];
  /** Other names by which transformers reads some of them, for example `{ hidden_size: "n_embd" }`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Fields that change the results in a way that is not supported, with the values at which they do not; a list may be empty. */
  readonly only: Readonly<Record<string, readonly unknown[]>>;
  /** Fields that change no result of a forward pass in inference. */
  readonly harmless: readonly string[];
}

/** Fields of every `model_type`. */
const common: Omit<ConfigFields, "read"> = {
  only: {
    add_cross_attention: [false],
    is_encoder_decoder: [false],
    per_layer_config: [null, {}],
    pruned_heads: [null, {}],
    quantization_config: [null],
  },
  harmless: [
    "_attn_implementation",
    "_attn_implementation_autoset",
    "_name_or_path",
    "attention_dropout",
    "attn_implementation",
    "bos_token_id",
    "cache_implementation",
    "chunk_size_feed_forward",
    "classifier_dropout",
    "decoder_start_token_id",
    "dtype",
    "eos_token_id",
    "experts_implementation",
    "gradient_checkpointing",
    "id2label",
    "initializer_range",
    "is_decoder",
    "label2id",
    "model_type",
    "name_or_path",
    "num_labels",
    "output_attentions",
    "output_hidden_states",
    "pad_token_id",
    "problem_type",
    "return_dict",
    "sep_token_id",
    "tie_last_hidden_states",
    "tokenizer_class",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "use_cache",
  ],
};

/** The fields of a family with those of every `model_type`; the family's own lists come first. */
export function withCommonFields({ read, aliases = {}, only, harmless }: FamilyFields): Required<ConfigFields> {
  const own = new Set([...read, ...harmless]);
  const added = Object.entries(common.only).filter(([name]) => !own.has(name));
  const decided = new Set([...own, ...Object.keys(only)]);
  return {
    read,
    aliases,
    only: { ...Object.fromEntries(added), ...only },
    harmless: [...harmless, ...common.harmless.filter((name) => !decided.has(name))],
  };
}

/** The lists of one family, beside the fields of every `model_type`. */
export interface FamilyFields extends Pick<ConfigFields, "read" | "aliases"> {
  readonly only: ConfigFields["only"];
  readonly harmless: ConfigFields["harmless"];
}
