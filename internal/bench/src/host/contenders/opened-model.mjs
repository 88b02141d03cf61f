import { bfloat16File } from "../bfloat16-file.mjs";

/** Opens a Qwen3 model of bfloat16 weights with weights of `bits` bits. */
export async function openedModel(tf, use, load, { bits, ...sizes }) {
  use();
  const { loadModel } = await load("@tfblocks/transformer/hugging-face");
  const { openSafetensors } = await load("@tfblocks/weights");
  const weights = await openSafetensors(bfloat16File(tensorsOf(sizes)), { maxBytes: 2 ** 32 });
  let opened;
  return {
    use,
    run: async () => {
      opened = await loadModel({ config: configOf(sizes), weights }, { quantize: bits });
    },
    dispose: () => opened?.model.dispose(),
  };
}

/** The fields of `config.json`. */
function configOf({ layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize, theta, eps }) {
  return {
    model_type: "qwen3",
    num_hidden_layers: layers,
    hidden_size: dModel,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    intermediate_size: hiddenDim,
    vocab_size: vocabSize,
    max_position_embeddings: 40_960,
    rope_theta: theta,
    rms_norm_eps: eps,
    hidden_act: "silu",
    tie_word_embeddings: true,
    attention_bias: false,
    torch_dtype: "bfloat16",
  };
}

/** The shapes of the tensors of the file, by name. */
function tensorsOf({ layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize }) {
  const [queries, keys] = [heads * headDim, kvHeads * headDim];
  const layer = {
    "input_layernorm.weight": [dModel],
    "self_attn.q_proj.weight": [queries, dModel],
    "self_attn.k_proj.weight": [keys, dModel],
    "self_attn.v_proj.weight": [keys, dModel],
    "self_attn.o_proj.weight": [dModel, queries],
    "self_attn.q_norm.weight": [headDim],
    "self_attn.k_norm.weight": [headDim],
    "post_attention_layernorm.weight": [dModel],
    "mlp.gate_proj.weight": [hiddenDim, dModel],
    "mlp.up_proj.weight": [hiddenDim, dModel],
    "mlp.down_proj.weight": [dModel, hiddenDim],
  };
  const layered = Array.from({ length: layers }, (_, at) =>
    Object.entries(layer).map(([name, shape]) => [`model.layers.${at}.${name}`, shape]),
  );
  return {
    "model.embed_tokens.weight": [vocabSize, dModel],
    ...Object.fromEntries(layered.flat()),
    "model.norm.weight": [dModel],
  };
}
