import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { StateDictError } from "@tfblocks/tensor-utils";
import { backendNames, contentsOf, expectNewTensors, stateOfShapes, use, useBackend } from "@tfblocks/testkit";
import { fromLayout, type LayoutOptions, toLayout } from "@tfblocks/weights/layouts";
import { beforeAll, describe, expect, it } from "vitest";
import models from "../testing/real-models.json" with { type: "json" };
import { families, type FamilyName } from "./registry.js";

interface RealModel {
  readonly family: FamilyName;
  readonly model: string;
  readonly sizes: NonNullable<LayoutOptions["sizes"]>;
  readonly shapes: Readonly<Record<string, number[]>>;
}

const realModels = models.cases as unknown as readonly RealModel[];
const realModel = (title: string): RealModel => realModels.find(({ model }) => model === title)!;

const dispose = (state: Readonly<Record<string, Tensor>>): void => {
  for (const each of Object.values(state)) each.dispose();
};

describe.each(backendNames.map((name) => [name]))("on %s", (name) => {
  beforeAll(() => useBackend(name));

  it.each(realModels.map((each) => [each.model, each] as const))(
    "%s survives a round trip bit for bit",
    async (_title, { family, sizes, shapes }) => {
      const { layout } = families[family];
      const theirs = stateOfShapes(shapes);
      const prefix = Object.keys(shapes).some((each) => each.startsWith(layout.prefix)) ? {} : { prefix: "" };
      const ours = await expectNewTensors(() => fromLayout(layout, theirs, { sizes }), numberOfOurs(shapes));
      const back = await expectNewTensors(() => toLayout(layout, ours, { sizes, ...prefix }), Object.keys(shapes).length);
      expect(await contentsOf(back)).toEqual(await contentsOf(theirs));
      for (const state of [theirs, ours, back]) dispose(state);
    },
  );
});

/** Each foreign tensor makes one of ours, a packed one three, or two of a gated network. */
function numberOfOurs(shapes: RealModel["shapes"]): number {
  const named = (pattern: RegExp) => Object.keys(shapes).filter((name) => pattern.test(name)).length;
  return named(/./) + 2 * named(/c_attn|query_key_value|qkv_proj/) + named(/gate_up_proj/);
}

const onCpu = (title: string, body: () => void): void => {
  describe(title, () => {
    beforeAll(() => useBackend("cpu"));
    body();
  });
};

onCpu("names", () => {
  const namesOf = (title: string): string[] => {
    const { family, sizes, shapes } = realModel(title);
    const theirs = stateOfShapes(shapes);
    const ours = fromLayout(families[family].layout, theirs, { sizes });
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
    "Phi-3",
    "OLMo 2",
    "GPT-NeoX",
    "T5 1.1, gated, with fewer decoder layers",
  ])("of %s are ours", (title) => expect(namesOf(title)).toMatchSnapshot());
});

onCpu("numbers", () => {
  /** `[out, in]` of numbers `from, from + 1, …`. */
  const matrix = (rows: number, columns: number, from = 0) =>
    Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_unused, column) => from + row * columns + column));

  it("of GPT-2's c_attn are thirds of its columns, transposed", () => {
    const { shapes, sizes } = realModel("GPT-2");
    const theirs = use(stateOfShapes(shapes));
    const ours = use(fromLayout(families.gpt2.layout, theirs, { sizes }));
    const fused = theirs["transformer.h.1.attn.c_attn.weight"]!.arraySync() as number[][];
    ["query", "key", "value"].forEach((part, third) => {
      const expected = matrix(24, 24).map((row, out) => row.map((_, input) => fused[input]![third * 24 + out]));
      expect(ours[`layers.1.attention.${part}.weight`]!.arraySync()).toEqual(expected);
    });
  });

  it("of GPT-NeoX's query_key_value are grouped by head", () => {
    const { shapes, sizes } = realModel("GPT-NeoX");
    const theirs = use(stateOfShapes(shapes));
    const ours = use(fromLayout(families.gptNeoX.layout, theirs, { sizes }));
    const name = "gpt_neox.layers.1.attention.query_key_value";
    const [fused, bias] = [theirs[`${name}.weight`]!.arraySync() as number[][], theirs[`${name}.bias`]!.arraySync() as number[]];
    ["query", "key", "value"].forEach((part, third) => {
      const rows = Array.from({ length: 24 }, (_, row) => Math.floor(row / 8) * 24 + third * 8 + (row % 8)); // 3 heads of 8
      expect(ours[`layers.1.attention.${part}.weight`]!.arraySync()).toEqual(rows.map((row) => fused[row]));
      expect(ours[`layers.1.attention.${part}.bias`]!.arraySync()).toEqual(rows.map((row) => bias[row]));
    });
  });
});

onCpu("the packed numbers", () => {
  /** Rows `from` to `from + count - 1` of theirs are all of ours. */
  const expectRows = (ours: Tensor, theirs: Tensor, from: number, count: number) =>
    expect(ours.arraySync()).toEqual((theirs.arraySync() as number[][]).slice(from, from + count));

  it("of Phi-3's qkv_proj are as many rows as there are heads, and those of gate_up_proj halves", () => {
    const { shapes, sizes } = realModel("Phi-3"); // 3 heads of 8, and 1 of keys and values
    const theirs = use(stateOfShapes(shapes));
    const ours = use(fromLayout(families.phi3.layout, theirs, { sizes }));
    const [packed, gated] = ["self_attn.qkv_proj", "mlp.gate_up_proj"].map((name) => theirs[`model.layers.1.${name}.weight`]!);
    expectRows(ours["layers.1.attention.query.weight"]!, packed!, 0, 24);
    expectRows(ours["layers.1.attention.key.weight"]!, packed!, 24, 8);
    expectRows(ours["layers.1.attention.value.weight"]!, packed!, 32, 8);
    expectRows(ours["layers.1.feedForward.gate.weight"]!, gated!, 0, 52);
    expectRows(ours["layers.1.feedForward.up.weight"]!, gated!, 52, 52);
  });

  it("of Phi-3 are refused by one name where the heads do not divide them", () => {
    const { shapes, sizes } = realModel("Phi-3");
    const theirs = use(stateOfShapes({ ...shapes, "model.layers.1.self_attn.qkv_proj.weight": [41, 24] }));
    expect(() => fromLayout(families.phi3.layout, theirs, { sizes })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: fromLayout(phi3): state does not match the parameters: "model.layers.1.self_attn.qkv_proj.weight" is [41, 24], expected [queryDim = 24, dModel = 24], [kvDim = 8, dModel = 24], [kvDim = 8, dModel = 24], stackedByHeads]`,
    );
    expect(() => fromLayout(families.phi3.layout, theirs, { sizes: { numLayers: 2 } })).toThrow("sizes.numHeads must be given");
  });
});

onCpu("a state dict", () => {
  it("may hold buffers, copies and older names", () => {
    const bert = stateOfShapes(realModel("BERT with its masked-language head").shapes);
    const old = Object.fromEntries(
      Object.entries(bert).map(([name, each]) => [
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
        each,
      ]),
    );
    const more = use({
      ...old,
      "bert.embeddings.position_ids": tensor([[0, 1]], [1, 2], "int32"),
      "cls.predictions.decoder.bias": tensor([1]),
      "cls.predictions.decoder.weight": old["bert.embeddings.word_embeddings.weight"]!,
      "cls.seq_relationship.weight": tensor([1]),
    });
    const ours = use(fromLayout(families.bert.layout, more, { sizes: { numLayers: 2 } }));
    expect(Object.keys(ours).length).toBe(Object.keys(bert).length);
    expect(ours["head.weight"]).toBeUndefined();
  });

  it("of T5 may hold its embedding four times", () => {
    const { shapes, sizes } = realModel("T5");
    const theirs = stateOfShapes(shapes);
    const copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"].map((name) => [
      name,
      theirs["shared.weight"]!.clone(),
    ]);
    const ours = fromLayout(families.t5.layout, { ...theirs, ...(Object.fromEntries(copies) as Record<string, Tensor>) }, { sizes });
    expect("head.weight" in ours).toBe(false);
    dispose(ours);
    dispose(theirs);
    for (const [, copy] of copies) (copy as Tensor).dispose();
  });
});

onCpu("the head in a state dict", () => {
  it("is separate when it differs from the embedding, and tied when they are equal or tiedHead is true", () => {
    const { shapes, sizes } = realModel("GPT-2 with a head of its own");
    const theirs = use(stateOfShapes(shapes));
    const ours = use(fromLayout(families.gpt2.layout, theirs, { sizes }));
    expect("head.weight" in ours).toBe(true);
    expect(() => fromLayout(families.gpt2.layout, theirs, { sizes, tiedHead: true })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: fromLayout(gpt2): tiedHead (tie_word_embeddings of a config) must be false for a head that differs from the embedding, got true]`,
    );
    const same = { ...theirs, "lm_head.weight": theirs["transformer.wte.weight"]! };
    for (const tiedHead of [undefined, true, false]) {
      const read = use(fromLayout(families.gpt2.layout, same, { sizes, tiedHead }));
      expect("head.weight" in read).toBe(tiedHead === false);
    }
    const { "lm_head.weight": _head, ...without } = theirs;
    expect(() => fromLayout(families.gpt2.layout, without, { sizes, tiedHead: false })).toThrow('missing "lm_head.weight"');
  });

  it("of GPT-NeoX has either name", () => {
    const { shapes, sizes } = realModel("GPT-NeoX");
    const { "embed_out.weight": head, ...rest } = shapes;
    const theirs = use(stateOfShapes({ ...rest, "lm_head.weight": head! }));
    const ours = use(fromLayout(families.gptNeoX.layout, theirs, { sizes }));
    expect(ours["head.weight"]!.shape).toEqual([37, 24]);
  });
});

onCpu("a state dict that does not fit", () => {
  it("is refused with one error that names everything, and nothing is made", async () => {
    const { shapes, sizes } = realModel("Llama");
    const { "model.norm.weight": _norm, ...rest } = shapes;
    const theirs = use(
      stateOfShapes({
        ...rest,
        "model.layers.1.mlp.up_proj.weight": [52, 23],
        "score.weight": [2, 24],
        "model.layers.2.input_layernorm.weight": [24],
      }),
    );
    const fault = await expectNewTensors(() => {
      try {
        return fromLayout(families.llama.layout, theirs, { sizes });
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
  });

  it.each<[string, FamilyName, Record<string, number>, string]>([
    ["without numLayers", "gpt2", { dModel: 24 }, "sizes.numLayers must be given for this layout, got undefined"],
    ["without numHeads where they matter", "gptNeoX", { numLayers: 2 }, "sizes.numHeads must be given"],
    [
      "with an unknown size",
      "gpt2",
      { numLayers: 2, nHead: 3 },
      'unknown size "nHead"; it is called "numHeads" here; known sizes: numLayers, numHeads, numKvHeads, headDim, vocabSize',
    ],
    ["with more layers than entries", "gpt2", { numLayers: 1e6 }, "sizes.numLayers must be an integer from 0 to "],
    ["with half a layer", "gpt2", { numLayers: 1.5 }, "sizes.numLayers must be an integer >= 0"],
  ])("is refused %s", (_title, family, sizes, message) => {
    const theirs = use(stateOfShapes(realModels.find((each) => each.family === family)!.shapes));
    expect(() => fromLayout(families[family].layout, theirs, { sizes })).toThrow(message);
  });
});
