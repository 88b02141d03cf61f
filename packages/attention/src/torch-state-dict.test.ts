import { zeros } from "@tensorflow/tfjs-core";
import type { StateDict } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";
import { loadTorchStateDict, torchStateDict } from "./torch-state-dict.js";

describe("the state dicts of PyTorch", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects an attention that PyTorch's module cannot represent", () => {
    const attention = use(multiHeadAttention({ dModel: 8, numHeads: 4, numKvHeads: 2 }));
    expect(() => torchStateDict(attention)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: torchStateDict: attention must be representable as nn.MultiheadAttention, got one with fewer key-value heads, a head width other than dModel / numHeads; use stateDict() and loadStateDict()]`,
    );
    expect(() => loadTorchStateDict(attention, {})).toThrow(/loadTorchStateDict/);
  });

  it("rejects a state dict of plain arrays", () => {
    const attention = use(multiHeadAttention({ dModel: 4, numHeads: 2 }));
    const state = { in_proj_weight: new Float32Array(48) } as unknown as StateDict;
    expect(() => loadTorchStateDict(attention, state)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: loadTorchStateDict: state["in_proj_weight"] must be a float32 tensor, got a Float32Array of length 48]`,
    );
  });

  it("rejects entries that duplicate each other or are not tensors", () => {
    const attention = use(multiHeadAttention({ dModel: 4, numHeads: 2 }));
    const state = use(torchStateDict(attention));
    const [other, bias, gone] = [use(zeros([4, 4])), use(zeros([4])), zeros([12])];
    gone.dispose();
    const load = (changes: object) => () => loadTorchStateDict(attention, { ...state, ...changes });
    expect(load({ q_proj_weight: other, "query.bias": bias, "output.weight": other })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: loadTorchStateDict: state does not match the parameters: unexpected "q_proj_weight", "query.bias", "output.weight"]`,
    );
    expect(load({ constructor: other })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: MultiHeadAttention.loadStateDict: state does not match the parameters: unexpected "constructor"]`,
    );
    expect(load({ in_proj_bias: null })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: loadTorchStateDict: state["in_proj_bias"] must be a float32 tensor, got null]`,
    );
    expect(load({ in_proj_bias: gone })).toThrowErrorMatchingInlineSnapshot(
      `[DisposedError: loadTorchStateDict: state["in_proj_bias"] must be a live tensor, got a disposed tensor; keep it alive until the call returns]`,
    );
    expect(() => loadTorchStateDict(attention, null as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadTorchStateDict: state must be an object of tensors, got null]`,
    );
    expect(() => attention.loadStateDict(null as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: MultiHeadAttention.loadStateDict: state must be an object of tensors, got null]`,
    );
  });
});

describe("a PyTorch state dict that does not match", () => {
  beforeAll(() => useBackend("cpu"));

  it("lists every fault in one error and loads nothing", async () => {
    const attention = use(multiHeadAttention({ dModel: 4, numHeads: 2 }));
    const state = torchStateDict(attention);
    const { in_proj_weight: _packed, "out_proj.bias": bias, ...others } = use(state);
    expect(() => loadTorchStateDict(attention, { ...others, in_proj_weight: bias!, extra: bias! })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: MultiHeadAttention.loadStateDict: state does not match the parameters: missing "query.weight", "key.weight", "value.weight", "output.bias"; unexpected "extra", "in_proj_weight"]`,
    );
  });
});
