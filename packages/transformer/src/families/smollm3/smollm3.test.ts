import { families } from "@tfblocks/transformer/models";
import { describe, expect, it } from "vitest";

const config = {
  model_type: "smollm3",
  vocab_size: 9,
  hidden_size: 8,
  num_hidden_layers: 4,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  intermediate_size: 12,
};

/** What each layer does, as `SmolLM3Config(…)` of transformers 5.23 has it in `no_rope_layers` and `layer_types`. */
function layersOf(change: object): { rotates: boolean[]; windows: (number | undefined)[] } {
  const { rotates, window } = families.smollm3.readConfig({ ...config, ...change }, new Set());
  const layers = [0, 1, 2, 3];
  return { rotates: layers.map((index) => rotates!(index)), windows: layers.map((index) => window!(index)) };
}

const none = [undefined, undefined, undefined, undefined];

describe("a config of SmolLM3", () => {
  it.each([
    ["all but every fourth", {}, [true, true, true, false]],
    ["all but every one of an interval", { no_rope_layer_interval: 2, no_rope_layers: null }, [true, false, true, false]],
    ["those of a list", { no_rope_layers: [0, 1, 1, 0, 1] }, [false, true, true, false]],
  ])("rotates %s", (_which, change, rotates) => {
    expect(layersOf(change)).toEqual({ rotates, windows: none });
  });

  it("has windows where a layer does not rotate, or where layer_types says", () => {
    const used = { use_sliding_window: true, sliding_window: 5 };
    expect(layersOf(used).windows).toEqual([undefined, undefined, undefined, 5]);
    const types = ["sliding_attention", "full_attention", "full_attention", "full_attention"];
    expect(layersOf({ ...used, layer_types: types }).windows).toEqual([5, undefined, undefined, undefined]);
    expect(layersOf({ use_sliding_window: true, sliding_window: null }).windows).toEqual(none);
    expect(layersOf({ sliding_window: 5 }).windows).toEqual(none);
  });

  it("is refused where it contradicts itself", () => {
    const types = ["sliding_attention", "full_attention", "full_attention", "full_attention"];
    expect(() => layersOf({ no_rope_layers: [1, 0] })).toThrow("config.no_rope_layers must be a list of at least 4 numbers");
    expect(() => layersOf({ layer_types: types })).toThrow(
      "config.use_sliding_window must be true for layer_types with sliding_attention, got false",
    );
    expect(() => layersOf({ layer_types: types, use_sliding_window: true, sliding_window: null })).toThrow(
      "config.sliding_window must be an integer for layer_types with sliding_attention, got null",
    );
  });

  it("has the base 2,000,000 and a tied head unless it says otherwise", () => {
    expect(families.smollm3.readConfig(config, new Set())).toMatchObject({ theta: 2_000_000, tiedHead: true });
  });
});
