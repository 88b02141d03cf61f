import { memory, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { StateDictError } from "@tfblocks/tensor-utils";
import { backendNames, expectNewTensors, useBackend } from "@tfblocks/testkit";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fromLayout, type LayoutName, type LayoutOptions, layouts, toLayout } from "./layouts.js";
import models from "./testing/real-models.json" with { type: "json" };

interface RealModel {
  readonly layout: LayoutName;
  readonly model: string;
  readonly sizes: LayoutOptions;
  readonly shapes: Readonly<Record<string, number[]>>;
}

const realModels = models.cases as unknown as readonly RealModel[];
const realModel = (title: string): RealModel => realModels.find(({ model }) => model === title)!;

let before = 0;
beforeEach(() => void (before = memory().numTensors));
afterEach(() => expect(memory().numTensors, "live tensors").toBe(before));

const dispose = (state: Readonly<Record<string, Tensor>>): void => {
  for (const each of Object.values(state)) each.dispose();
};

/** Every entry holds other numbers. */
function stateOf(shapes: Readonly<Record<string, readonly number[]>>): Record<string, Tensor> {
  let next = 0;
  const fill = (shape: readonly number[]) => Float32Array.from({ length: shape.reduce((count, size) => count * size, 1) }, () => next++);
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tensor(fill(shape), [...shape] as [number], "float32")]));
}

async function numbersOf(state: Readonly<Record<string, Tensor>>): Promise<Record<string, unknown>> {
  const entries = Object.entries(state).map(async ([name, each]) => [name, { shape: each.shape, data: await each.data() }] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe.each(backendNames.map((name) => [name]))("on %s", (name) => {
  beforeAll(() => useBackend(name));

  it.each(realModels.map((each) => [each.model, each] as const))("%s comes back bit for bit", async (_title, { layout, sizes, shapes }) => {
    const theirs = stateOf(shapes);
    const prefix = Object.keys(shapes).some((each) => each.startsWith(layouts[layout].prefix)) ? {} : { prefix: "" };
    const ours = await expectNewTensors(() => fromLayout(layouts[layout], theirs, sizes), numberOfOurs(layout, shapes));
    const back = await expectNewTensors(() => toLayout(layouts[layout], ours, { ...sizes, ...prefix }), Object.keys(shapes).length);
    expect(await numbersOf(back)).toEqual(await numbersOf(theirs));
    for (const state of [theirs, ours, back]) dispose(state);
  });
});

/** One of theirs is one of ours, but for three in one. */
function numberOfOurs(layout: LayoutName, shapes: RealModel["shapes"]): number {
  const packed = Object.keys(shapes).filter((name) => /c_attn|query_key_value|in_proj/.test(name)).length;
  return Object.keys(shapes).length + 2 * packed;
}

const onCpu = (title: string, body: () => void): void => {
  describe(title, () => {
    beforeAll(() => useBackend("cpu"));
    body();
  });
};

it("every layout is tried with a real model", () => {
  expect(Object.keys(layouts).filter((name) => !realModels.some(({ layout }) => layout === name))).toEqual([]);
  for (const [name, layout] of Object.entries(layouts)) expect(layout.name).toBe(name);
});

onCpu("names", () => {
  const namesOf = (title: string): string[] => {
    const { layout, sizes, shapes } = realModel(title);
    const theirs = stateOf(shapes);
    const ours = fromLayout(layouts[layout], theirs, sizes);
    const names = Object.entries(ours).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
    dispose(theirs);
    dispose(ours);
    return names.filter((each) => !/layers\.1\./.test(each));
  };

  it.each([
    "GPT-2",
    "BERT with its masked-language head",
    "Qwen 3",
    "Gemma 2",
    "GPT-NeoX",
    "T5 1.1, gated, with fewer decoder layers",
    "nn.TransformerDecoderLayer",
  ])("of %s are ours", (title) => expect(namesOf(title)).toMatchSnapshot());
});

onCpu("numbers", () => {
  /** `[out, in]` of numbers `from, from + 1, …`. */
  const matrix = (rows: number, columns: number, from = 0) =>
    Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_unused, column) => from + row * columns + column));

  it("of GPT-2's c_attn are thirds of its columns, transposed", () => {
    const { shapes, sizes } = realModel("GPT-2");
    const theirs = stateOf(shapes);
    const ours = fromLayout(layouts.gpt2, theirs, sizes);
    const fused = theirs["transformer.h.1.attn.c_attn.weight"]!.arraySync() as number[][];
    ["query", "key", "value"].forEach((part, third) => {
      const expected = matrix(24, 24).map((row, out) => row.map((_, input) => fused[input]![third * 24 + out]));
      expect(ours[`layers.1.attention.${part}.weight`]!.arraySync()).toEqual(expected);
    });
    dispose(theirs);
    dispose(ours);
  });

  it("of GPT-NeoX's query_key_value are rows of every head in turn", () => {
    const { shapes, sizes } = realModel("GPT-NeoX");
    const theirs = stateOf(shapes);
    const ours = fromLayout(layouts.gptNeoX, theirs, sizes);
    const name = "gpt_neox.layers.1.attention.query_key_value";
    const [fused, bias] = [theirs[`${name}.weight`]!.arraySync() as number[][], theirs[`${name}.bias`]!.arraySync() as number[]];
    ["query", "key", "value"].forEach((part, third) => {
      const rows = Array.from({ length: 24 }, (_, row) => Math.floor(row / 8) * 24 + third * 8 + (row % 8)); // 3 heads of 8
      expect(ours[`layers.1.attention.${part}.weight`]!.arraySync()).toEqual(rows.map((row) => fused[row]));
      expect(ours[`layers.1.attention.${part}.bias`]!.arraySync()).toEqual(rows.map((row) => bias[row]));
    });
    dispose(theirs);
    dispose(ours);
  });

  it("of PyTorch's in_proj_weight are thirds of its rows", () => {
    const { shapes, sizes } = realModel("nn.MultiheadAttention");
    const theirs = stateOf(shapes);
    const ours = fromLayout(layouts.torchMultiheadAttention, theirs, sizes);
    const packed = theirs["in_proj_weight"]!.arraySync() as number[][];
    expect(ours["key.weight"]!.arraySync()).toEqual(packed.slice(12, 24));
    dispose(theirs);
    dispose(ours);
  });
});

onCpu("a state dict", () => {
  it("may hold buffers, copies and older names", () => {
    const bert = stateOf(realModel("BERT with its masked-language head").shapes);
    const old = Object.fromEntries(
      Object.entries(bert).map(([name, each]) => [
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
        each,
      ]),
    );
    const more = {
      ...old,
      "bert.embeddings.position_ids": tensor([[0, 1]], [1, 2], "int32"),
      "cls.predictions.decoder.bias": tensor([1]),
      "cls.predictions.decoder.weight": old["bert.embeddings.word_embeddings.weight"]!,
      "cls.seq_relationship.weight": tensor([1]),
    };
    const ours = fromLayout(layouts.bert, more, { numLayers: 2 });
    expect(Object.keys(ours).length).toBe(Object.keys(bert).length);
    expect(ours["head.weight"]).toBeUndefined();
    dispose(ours);
    dispose(more);
  });

  it("of T5 may hold its embedding four times", () => {
    const { shapes, sizes } = realModel("T5");
    const theirs = stateOf(shapes);
    const copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"].map((name) => [
      name,
      theirs["shared.weight"]!.clone(),
    ]);
    const ours = fromLayout(layouts.t5, { ...theirs, ...(Object.fromEntries(copies) as Record<string, Tensor>) }, sizes);
    expect("head.weight" in ours).toBe(false);
    dispose(ours);
    dispose(theirs);
    for (const [, copy] of copies) (copy as Tensor).dispose();
  });

  it("has a head of its own when its numbers are others, a tied one when it is told so or they are the same", () => {
    const { shapes, sizes } = realModel("GPT-2 with a head of its own");
    const theirs = stateOf(shapes);
    const ours = fromLayout(layouts.gpt2, theirs, sizes);
    expect("head.weight" in ours).toBe(true);
    expect(() => fromLayout(layouts.gpt2, theirs, { ...sizes, tiedHead: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: fromLayout(gpt2): tiedHead must be false for a head unlike the embedding, got true]`,
    );
    const same = { ...theirs, "lm_head.weight": theirs["transformer.wte.weight"]! };
    for (const tiedHead of [undefined, true, false]) {
      const read = fromLayout(layouts.gpt2, same, { ...sizes, tiedHead });
      expect("head.weight" in read).toBe(tiedHead === false);
      dispose(read);
    }
    const { "lm_head.weight": _head, ...without } = theirs;
    expect(() => fromLayout(layouts.gpt2, without, { ...sizes, tiedHead: false })).toThrow('missing "lm_head.weight"');
    dispose(theirs);
    dispose(ours);
  });

  it("of GPT-NeoX has its head under either name", () => {
    const { shapes, sizes } = realModel("GPT-NeoX");
    const { "embed_out.weight": head, ...rest } = shapes;
    const theirs = stateOf({ ...rest, "lm_head.weight": head! });
    const ours = fromLayout(layouts.gptNeoX, theirs, sizes);
    expect(ours["head.weight"]!.shape).toEqual([37, 24]);
    dispose(theirs);
    dispose(ours);
  });
});

onCpu("a state dict that does not fit", () => {
  it("is refused with every fault at once, and nothing is made", async () => {
    const { shapes, sizes } = realModel("Llama");
    const { "model.norm.weight": _norm, ...rest } = shapes;
    const theirs = stateOf({
      ...rest,
      "model.layers.1.mlp.up_proj.weight": [52, 23],
      "score.weight": [2, 24],
      "model.layers.2.input_layernorm.weight": [24],
    });
    const fault = await expectNewTensors(() => {
      try {
        return fromLayout(layouts.llama, theirs, sizes);
      } catch (error) {
        return error as StateDictError;
      }
    });
    expect(fault).toBeInstanceOf(StateDictError);
    expect(fault).toMatchObject({
      missing: ["model.norm.weight"],
      unexpected: ["score.weight", "model.layers.2.input_layernorm.weight"],
      misshapen: ['"model.layers.1.mlp.up_proj.weight" is [52, 23], expected [hiddenDim = 52, dModel = 24]'],
    });
    dispose(theirs);
  });

  it("is refused the other way under our names", () => {
    const { shapes, sizes } = realModel("nn.TransformerEncoderLayer");
    const theirs = stateOf(shapes);
    const {
      "attention.key.bias": bias,
      "feedForwardNorm.weight": norm,
      ...ours
    } = fromLayout(layouts.torchTransformerEncoderLayer, theirs, sizes);
    expect(() => toLayout(layouts.torchTransformerEncoderLayer, { ...ours, extra: bias! }, sizes)).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: toLayout(torchTransformerEncoderLayer): state does not match the parameters: missing "attention.key.bias", "feedForwardNorm.weight"; unexpected "extra"]`,
    );
    for (const each of [bias!, norm!]) each.dispose();
    dispose(theirs);
    dispose(ours);
  });

  it.each<[string, LayoutName, LayoutOptions, string]>([
    ["without numLayers", "gpt2", { dModel: 24 }, "sizes.numLayers must be given for this layout, got undefined"],
    ["without numHeads where they matter", "gptNeoX", { numLayers: 2 }, "sizes.numHeads must be given"],
    ["with an unknown size", "gpt2", { numLayers: 2, nHead: 3 } as never, "without unknown names, got nHead"],
    ["with more layers than entries", "gpt2", { numLayers: 1e6 }, "sizes.numLayers must be an integer from 0 to "],
    ["with half a layer", "gpt2", { numLayers: 1.5 }, "sizes.numLayers must be an integer >= 0"],
  ])("is refused %s", (_title, layout, sizes, message) => {
    const theirs = stateOf(realModels.find((each) => each.layout === layout)!.shapes);
    expect(() => fromLayout(layouts[layout], theirs, sizes)).toThrow(message);
    dispose(theirs);
  });

  it("is refused when it is of another type, or disposed", () => {
    const { shapes, sizes } = realModel("nn.MultiheadAttention");
    const theirs = stateOf(shapes);
    const ids = tensor([1], [1], "int32");
    expect(() => fromLayout(layouts.torchMultiheadAttention, { ...theirs, "out_proj.bias": ids }, sizes)).toThrow(StateDictError);
    ids.dispose();
    expect(() => fromLayout(layouts.torchMultiheadAttention, { ...theirs, "out_proj.bias": ids }, sizes)).toThrow("disposed");
    expect(() => fromLayout(layouts.torchMultiheadAttention, null as never, sizes)).toThrow("state must be an object");
    dispose(theirs);
  });
});
