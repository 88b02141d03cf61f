"""Files of Python's safetensors 0.8.0 with what is in them, for the tests of the reader and the writer.

    python python_files.py > ../src/testing/python-files.json
"""

import base64
import json

import numpy as np
import safetensors
import torch
from safetensors.torch import save

FLOATS = [0.0, -0.0, 1.0, -2.5, 0.1, 1 / 3, 65504.0, 65519.0, 65520.0, 1e5, 6e-8, 2.9e-8, 3.1e-8, 6.1e-5, 1e-40, 3.4e38]
FLOATS += [2049.0, 2051.0, 1.00390625, 1.01171875, float("inf"), -float("inf")]

VALUES = {
    torch.float64: FLOATS + [1e300, 1e-50],
    torch.float32: FLOATS,
    torch.float16: FLOATS,
    torch.bfloat16: FLOATS,
    torch.int64: [0, -1, 2**31 - 1, -(2**31)],
    torch.int32: [0, -1, 2**31 - 1, -(2**31)],
    torch.int16: [0, -1, 2**15 - 1, -(2**15)],
    torch.int8: [0, -1, 127, -128],
    torch.uint8: [0, 1, 255],
    torch.uint16: [0, 1, 2**16 - 1],
    torch.uint32: [0, 1, 2**31 - 1],
    torch.uint64: [0, 1, 2**31 - 1],
    torch.bool: [True, False, True],
}


def state():
    """What our writer has tensors for; names and sizes out of the ordinary."""
    floats = torch.tensor(FLOATS, dtype=torch.float32)
    return {
        "b.weight": floats.reshape(2, -1),
        "a.weight": floats.flip(0),
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(7.5),
        'quote" \\ \n é 日': torch.tensor([1, -2, 3], dtype=torch.int32),
        "mask": torch.tensor([True, False, True]),
    }


def cast(tensors, dtype):
    return {name: value.to(dtype) if value.dtype == torch.float32 else value for name, value in tensors.items()}


def text(data):
    return base64.b64encode(data).decode()


def every_dtype():
    tensors = {str(dtype).removeprefix("torch."): torch.tensor(values, dtype=dtype) for dtype, values in VALUES.items()}
    as_float32 = {name: [repr(x) for x in value.to(torch.float32).tolist()] for name, value in tensors.items() if value.is_floating_point()}
    integers = {name: [int(x) for x in value.tolist()] for name, value in tensors.items() if not value.is_floating_point()}
    return dict(file=text(save(tensors, {"format": "pt"})), values={**as_float32, **integers})


def halves():
    """Every float16, to float32 and back: its bits as float32 are those that NumPy gives."""
    bits = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32).view(np.uint32)
    return text(bits[::257].tobytes())


def main():
    written = {name: text(save(cast(state(), dtype))) for name, dtype in [("F32", torch.float32), ("F16", torch.float16), ("BF16", torch.bfloat16)]}
    print(json.dumps(dict(safetensors=safetensors.__version__, everyDType=every_dtype(), written=written, float16Samples=halves())))


main()
