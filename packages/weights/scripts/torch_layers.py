"""Names and shapes of the parameters of PyTorch 2.15.0's layers, for the tests of the layouts.

    python torch_layers.py > ../src/testing/torch-layers.json
"""

import json

import torch

SIZES = dict(dModel=12)

LAYERS = [
    ("torchMultiheadAttention", "nn.MultiheadAttention", lambda: torch.nn.MultiheadAttention(12, 3), SIZES),
    (
        "torchMultiheadAttention",
        "nn.MultiheadAttention with keys and values of other widths and learned ones",
        lambda: torch.nn.MultiheadAttention(12, 3, kdim=10, vdim=7, add_bias_kv=True),
        SIZES,
    ),
    (
        "torchMultiheadAttention",
        "nn.MultiheadAttention without biases",
        lambda: torch.nn.MultiheadAttention(12, 3, bias=False),
        SIZES,
    ),
    (
        "torchTransformerEncoderLayer",
        "nn.TransformerEncoderLayer",
        lambda: torch.nn.TransformerEncoderLayer(12, 3, 20),
        dict(SIZES, hiddenDim=20),
    ),
    (
        "torchTransformerEncoderLayer",
        "nn.TransformerEncoderLayer without biases",
        lambda: torch.nn.TransformerEncoderLayer(12, 3, 20, bias=False),
        SIZES,
    ),
    (
        "torchTransformerDecoderLayer",
        "nn.TransformerDecoderLayer",
        lambda: torch.nn.TransformerDecoderLayer(12, 3, 20),
        SIZES,
    ),
]


def main():
    cases = [
        dict(layout=layout, model=title, sizes=sizes, shapes={name: list(value.shape) for name, value in make().state_dict().items()})
        for layout, title, make, sizes in LAYERS
    ]
    print(json.dumps(dict(torch=torch.__version__.split("+")[0], cases=cases)))


main()
