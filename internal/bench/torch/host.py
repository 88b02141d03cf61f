"""The PyTorch side of the bench: answers one request a line, {"id", "method", "params"}, as src/host/host.mjs does."""

import json
import sys
import time
import warnings

import torch

from cases import build

warnings.filterwarnings("ignore")
torch.set_flush_denormal(False)

WARM_UP_SECONDS = 0.3
prepared = {}


def open_host(params):
    torch.set_num_threads(params["threads"])
    return {"runtime": f"PyTorch {torch.__version__}"}


def prepare(params):
    """Warms the case up; gives the fastest call in ms."""
    run = build(params["contender"], params["spec"])
    if run is None:
        return {"refused": "has no such operation"}
    prepared[params["slot"]] = run
    started, fastest, calls = time.perf_counter(), float("inf"), 0
    while calls < 3 or time.perf_counter() - started < WARM_UP_SECONDS:
        fastest, calls = min(fastest, timed(run, 1)), calls + 1
        if time.perf_counter() - started > 2 and calls > 1:  # the first call may have compiled
            break
    return {"estimate": fastest}


def timed(run, calls):
    started = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - started) * 1000 / calls


def sample(params):
    run = prepared[params["slot"]]
    if params["calls"] > 1:
        run()
    return timed(run, params["calls"])


def output(params):
    data = prepared[params["slot"]]().detach().double().flatten()
    step = max(1, len(data) // 61)
    picked = data[::step][:61].tolist()
    return {"length": len(data), "size": data.square().mean().sqrt().item(), "picked": picked}


def release(_params):
    prepared.clear()


methods = {"open": open_host, "prepare": prepare, "sample": sample, "output": output, "release": release}


def answer(request):
    try:
        return {"id": request["id"], "result": methods[request["method"]](request.get("params"))}
    except Exception as error:  # whatever goes wrong is said on the row, and the other rows go on
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        result = {"refused": reason} if request["method"] == "prepare" else None
        return {"id": request["id"], **({"result": result} if result else {"error": reason})}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
