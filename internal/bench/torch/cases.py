"""Each kind of case as a function without arguments that computes it once."""

import torch
import torch.nn.functional as F
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

from gpt import decode, train_step
from inputs import values


def build(contender, spec):
    if contender == "torch-flex":
        return flex(spec)
    return kinds[spec["kind"]](spec)


def gemm(spec):
    leading = [spec["batch"]] if spec.get("batch", 1) > 1 else []
    m, n, k = spec["m"], spec["n"], spec["k"]
    a = values(1, [*leading, m, k])
    if spec.get("transposeB"):
        b = values(2, [*leading, n, k])
        return without_grad(lambda: torch.matmul(a, b.mT))
    b = values(2, [*leading, k, n])
    return without_grad(lambda: torch.matmul(a, b))


def attention(spec):
    query, key, value = attention_inputs(spec)
    options = sdpa_options(spec)
    return without_grad(lambda: sdpa(query, key, value, spec, options))


def attention_backward(spec):
    inputs = [x.requires_grad_() for x in attention_inputs(spec)]
    upstream = values(4, list(inputs[0].shape))
    options = sdpa_options(spec)
    return lambda: torch.autograd.grad(sdpa(*inputs, spec, options), inputs, upstream)[0]


def attention_inputs(spec):
    batch, dim = spec["batch"], spec["headDim"]
    return (
        values(1, [batch, spec["heads"], spec["queries"], dim]),
        values(2, [batch, spec["kvHeads"], spec["keys"], dim]),
        values(3, [batch, spec["kvHeads"], spec["keys"], dim]),
    )


def sdpa(query, key, value, spec, options):
    return F.scaled_dot_product_attention(query, key, value, enable_gqa=spec["heads"] != spec["kvHeads"], **options)


def sdpa_options(spec):
    mask = spec.get("mask")
    if mask is None:
        return {}
    if mask["type"] == "causal":
        return {"is_causal": True}
    rows, columns = torch.arange(spec["queries"])[:, None], torch.arange(spec["keys"])[None, :]
    return {"attn_mask": rule(mask)(None, None, rows, columns)}


def rule(mask):
    """As src/host/masks.mjs; true = may attend."""
    if mask["type"] == "causal":
        return lambda b, h, query, key: key <= query
    if mask["type"] == "window":
        width = mask["keys"]
        return lambda b, h, query, key: (key <= query) & (key > query - width)
    ids = torch.repeat_interleave(torch.arange(len(mask["lengths"])), torch.tensor(mask["lengths"]))
    return lambda b, h, query, key: (key <= query) & (ids[query] == ids[key])


def flex(spec):
    if spec["kind"] != "attention":
        return None
    query, key, value = attention_inputs(spec)
    mask = spec.get("mask")
    block_mask = mask and create_block_mask(rule(mask), None, None, spec["queries"], spec["keys"], device="cpu")
    grouped = spec["heads"] != spec["kvHeads"]
    torch._dynamo.reset()  # each case compiled for its own shape and mask, as if it were the only one
    compiled = torch.compile(flex_attention, dynamic=False)
    return without_grad(lambda: compiled(query, key, value, block_mask=block_mask, enable_gqa=grouped))


def elementwise(spec):
    rows, columns = spec["rows"], spec["columns"]
    x, weight, bias = values(1, [rows, columns]), values(2, [columns]), values(3, [columns])
    operations = {
        "softmax": lambda: F.softmax(x, -1),
        "gelu": lambda: F.gelu(x),
        "layerNorm": lambda: F.layer_norm(x, [columns], weight, bias, 1e-5),
    }
    return without_grad(operations[spec["op"]])


def without_grad(compute):
    def run():
        with torch.no_grad():
            return compute()

    return run


kinds = {
    "gemm": gemm,
    "attention": attention,
    "attentionBackward": attention_backward,
    "elementwise": elementwise,
    "decode": decode,
    "trainStep": train_step,
}
