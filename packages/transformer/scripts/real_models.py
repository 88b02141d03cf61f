"""Names and shapes of real models' weights, as transformers 5.23.0 writes them, for the tests of the families' layouts.

    python real_models.py > ../src/testing/real-models.json
"""

import json
import tempfile

import transformers as hf
from safetensors import safe_open

SIZES = dict(
    vocab_size=37, hidden_size=24, intermediate_size=52, num_hidden_layers=2, num_attention_heads=3, max_position_embeddings=32
)
PHI3 = dict(num_key_value_heads=1, pad_token_id=None)
GROUPED = dict(num_key_value_heads=1, head_dim=12)
T5 = dict(vocab_size=37, d_model=24, d_kv=12, d_ff=52, num_layers=2, num_decoder_layers=2, num_heads=3)
GPT2 = dict(vocab_size=37, n_positions=32, n_embd=24, n_inner=52, n_layer=2, n_head=3)

OURS = dict(numLayers=2, numHeads=3, dModel=24, hiddenDim=52, vocabSize=37)
GROUPED_OURS = dict(OURS, numKvHeads=1, headDim=12)

MODELS = [
    ("gpt2", "GPT-2", lambda: hf.GPT2LMHeadModel(hf.GPT2Config(**GPT2)), dict(OURS, maxLength=32)),
    ("gpt2", "GPT-2 with a head of its own", lambda: hf.GPT2LMHeadModel(hf.GPT2Config(**GPT2, tie_word_embeddings=False)), OURS),
    ("gpt2", "the body of GPT-2", lambda: hf.GPT2Model(hf.GPT2Config(**GPT2)), OURS),
    ("bert", "BERT with its masked-language head", lambda: hf.BertForMaskedLM(hf.BertConfig(**SIZES)), OURS),
    ("bert", "the body of BERT, with its pooler", lambda: hf.BertModel(hf.BertConfig(**SIZES)), OURS),
    ("llama", "Llama", lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**SIZES, **GROUPED)), GROUPED_OURS),
    (
        "llama",
        "Llama with biases and a tied head",
        lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**SIZES, **GROUPED, attention_bias=True, mlp_bias=True, tie_word_embeddings=True)),
        GROUPED_OURS,
    ),
    ("mistral", "Mistral", lambda: hf.MistralForCausalLM(hf.MistralConfig(**SIZES, **GROUPED)), GROUPED_OURS),
    ("qwen2", "Qwen 2", lambda: hf.Qwen2ForCausalLM(hf.Qwen2Config(**SIZES, num_key_value_heads=1)), dict(OURS, numKvHeads=1)),
    ("qwen3", "Qwen 3", lambda: hf.Qwen3ForCausalLM(hf.Qwen3Config(**SIZES, **GROUPED)), GROUPED_OURS),
    ("gemma2", "Gemma 2", lambda: hf.Gemma2ForCausalLM(hf.Gemma2Config(**SIZES, **GROUPED)), GROUPED_OURS),
    ("gemma3", "Gemma 3", lambda: hf.Gemma3ForCausalLM(hf.Gemma3TextConfig(**SIZES, **GROUPED)), GROUPED_OURS),
    ("phi3", "Phi-3", lambda: hf.Phi3ForCausalLM(hf.Phi3Config(**SIZES, **PHI3)), dict(OURS, numKvHeads=1)),
    (
        "smollm3",
        "SmolLM3",
        lambda: hf.SmolLM3ForCausalLM(hf.SmolLM3Config(**SIZES, num_key_value_heads=1, pad_token_id=None)),
        dict(OURS, numKvHeads=1),
    ),
    ("olmo2", "OLMo 2", lambda: hf.Olmo2ForCausalLM(hf.Olmo2Config(**SIZES, num_key_value_heads=1)), dict(OURS, numKvHeads=1)),
    (
        "granite",
        "Granite, with biases",
        lambda: hf.GraniteForCausalLM(hf.GraniteConfig(**SIZES, num_key_value_heads=1, attention_bias=True, mlp_bias=True)),
        dict(OURS, numKvHeads=1),
    ),
    ("gptNeoX", "GPT-NeoX", lambda: hf.GPTNeoXForCausalLM(hf.GPTNeoXConfig(**SIZES)), OURS),
    (
        "gptNeoX",
        "GPT-NeoX without biases of attention",
        lambda: hf.GPTNeoXForCausalLM(hf.GPTNeoXConfig(**SIZES, attention_bias=False)),
        OURS,
    ),
    ("t5", "T5", lambda: hf.T5ForConditionalGeneration(hf.T5Config(**T5)), dict(OURS, headDim=12)),
    (
        "t5",
        "T5 1.1, gated, with fewer decoder layers",
        lambda: hf.T5ForConditionalGeneration(hf.T5Config(**{**T5, "num_decoder_layers": 1}, feed_forward_proj="gated-gelu")),
        dict(OURS, headDim=12, numDecoderLayers=1),
    ),
]


def saved_shapes(model):
    """The entries of the file that the model writes."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        with safe_open(f"{folder}/model.safetensors", "pt") as file:
            return {name: file.get_slice(name).get_shape() for name in file.keys()}


def main():
    hf.logging.set_verbosity_error()
    cases = [dict(family=family, model=title, sizes=sizes, shapes=saved_shapes(make())) for family, title, make, sizes in MODELS]
    print(json.dumps(dict(transformers=hf.__version__, cases=cases)))


main()
