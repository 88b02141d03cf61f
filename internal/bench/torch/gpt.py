"""The models of src/host/gpt.mjs: the same parameters, in the same order."""

import math

import torch
import torch.nn.functional as F

from inputs import integers, values


def _matrix(out_features, in_features):
    return lambda seed: values(seed, [out_features, in_features], 1 / math.sqrt(in_features))


def _vector(features, fill):
    return lambda _seed: torch.full([features], float(fill))


def _made(parts):
    return {name: make(index + 10) for index, (name, make) in enumerate(parts)}


def train_parameters(spec):
    d, h = spec["dModel"], spec["hiddenDim"]

    def norm(name):
        return [(f"{name}.weight", _vector(d, 1)), (f"{name}.bias", _vector(d, 0))]

    def affine(name, out_features, in_features):
        return [(f"{name}.weight", _matrix(out_features, in_features)), (f"{name}.bias", _vector(out_features, 0))]

    parts = [("tokens", _matrix(spec["vocabSize"], d)), ("positions", _matrix(spec["length"], d))]
    for i in range(spec["layers"]):
        parts += norm(f"{i}.norm1") + affine(f"{i}.qkv", 3 * d, d) + affine(f"{i}.out", d, d)
        parts += norm(f"{i}.norm2") + affine(f"{i}.up", h, d) + affine(f"{i}.down", d, h)
    return _made(parts + norm("norm") + [("head", _matrix(spec["vocabSize"], d))])


def decode_parameters(spec):
    d, h = spec["dModel"], spec["hiddenDim"]
    parts = []
    for i in range(spec["layers"]):
        parts += [(f"{i}.qkv", _matrix(3 * d, d)), (f"{i}.out", _matrix(d, d))]
        parts += [(f"{i}.up", _matrix(h, d)), (f"{i}.down", _matrix(d, h))]
    return _made(parts + [("head", _matrix(spec["vocabSize"], d))])


def train_step(spec):
    d, heads, length = spec["dModel"], spec["heads"], spec["length"]
    p = {name: x.requires_grad_() for name, x in train_parameters(spec).items()}
    ids = integers(5, [spec["batch"], length], spec["vocabSize"])
    targets = integers(6, [spec["batch"] * length], spec["vocabSize"])
    optimizer = torch.optim.Adam(p.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, fused=True)

    def norm(x, name):
        return F.layer_norm(x, [d], p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)

    def affine(x, name):
        return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])

    def split(x):
        return x.unflatten(-1, [heads, d // heads]).transpose(1, 2)

    def loss():
        x = F.embedding(ids, p["tokens"]) + p["positions"]
        for i in range(spec["layers"]):
            query, key, value = (split(part) for part in affine(norm(x, f"{i}.norm1"), f"{i}.qkv").chunk(3, -1))
            attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + affine(attended.transpose(1, 2).flatten(2), f"{i}.out")
            hidden = F.gelu(affine(norm(x, f"{i}.norm2"), f"{i}.up"))
            x = x + affine(hidden, f"{i}.down")
        logits = F.linear(norm(x, "norm"), p["head"])
        return F.cross_entropy(logits.flatten(0, 1), targets)

    losses = []

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        optimizer.step()
        losses.append(value.detach())
        return torch.stack(losses[:2])

    return step


def decode(spec):
    d, heads, cached = spec["dModel"], spec["heads"], spec["cached"]
    p = decode_parameters(spec)
    token = values(7, [1, 1, d])
    shape = [1, heads, cached, d // heads]
    caches = [(values(100 + 2 * i, shape), values(101 + 2 * i, shape)) for i in range(spec["layers"])]

    def split(x):
        return x.unflatten(-1, [heads, d // heads]).transpose(1, 2)

    def run():
        with torch.no_grad():
            x = token
            for i, (keys, kept) in enumerate(caches):
                query, key, value = (split(part) for part in F.linear(x, p[f"{i}.qkv"]).chunk(3, -1))
                keys_now, values_now = torch.cat([keys, key], 2), torch.cat([kept, value], 2)
                attended = F.scaled_dot_product_attention(query, keys_now, values_now)
                x = x + F.linear(attended.transpose(1, 2).flatten(2), p[f"{i}.out"])
                x = x + F.linear(F.gelu(F.linear(x, p[f"{i}.up"])), p[f"{i}.down"])
            return F.linear(x, p["head"])

    return run
