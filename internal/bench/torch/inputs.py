"""The numbers of src/host/inputs.mjs, so that every contender computes on the same ones."""

import math

import torch

BITS = 0xFFFFFFFF


def _hash(seed: int, size: int) -> torch.Tensor:
    x = (torch.arange(size, dtype=torch.int64) * 0x9E3779B1 + seed * 0x85EBCA6B) & BITS
    x = ((x ^ (x >> 16)) * 0x45D9F3B) & BITS
    x = ((x ^ (x >> 16)) * 0x45D9F3B) & BITS
    return x ^ (x >> 16)


def values(seed: int, shape: list[int], scale: float = 1.0) -> torch.Tensor:
    factor = 2 * math.sqrt(3) * scale / 2**32
    return ((_hash(seed, math.prod(shape)) - 2**31).double() * factor).float().reshape(shape)


def integers(seed: int, shape: list[int], limit: int) -> torch.Tensor:
    return (_hash(seed, math.prod(shape)) % limit).reshape(shape)
