import { ones, tensor, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { StateDictError } from "@tfblocks/tensor-utils";
import { backendNames, contentsOf, expectNewTensors, stateOfShapes, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import {
  fromLayout,
  type Layout,
  layoutSizeNames,
  linearRules,
  optional,
  planLayout,
  tensorRule,
  toLayout,
  torchMultiheadAttention,
  torchTransformerDecoderLayer,
  torchTransformerEncoderLayer,
} from "./layouts.js";
import torchLayers from "./testing/torch-layers.json" with { type: "json" };

const layouts: Readonly<Record<string, Layout>> = { torchMultiheadAttention, torchTransformerDecoderLayer, torchTransformerEncoderLayer };

interface TorchLayer {
  readonly layout: string;
  readonly model: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, number[]>>;
}

const cases = torchLayers.cases as unknown as readonly TorchLayer[];
const torchLayer = (title: string): TorchLayer => cases.find(({ model }) => model === title)!;

const dispose = (state: Readonly<Record<string, Tensor>>): void => {
  for (const each of Object.values(state)) each.dispose();
};

describe.each(backendNames.map((name) => [name]))("on %s", (name) => {
  beforeAll(() => useBackend(name));

  it.each(cases.map((each) => [each.model, each] as const))(
    "%s survives a round trip bit for bit",
    async (_title, { layout: key, sizes, shapes }) => {
      const layout = layouts[key]!;
      const theirs = stateOfShapes(shapes);
      const ours = await expectNewTensors(() => fromLayout(layout, theirs, { sizes }), numberOfOurs(shapes));
      const back = await expectNewTensors(() => toLayout(layout, ours, { sizes }), Object.keys(shapes).length);
      expect(await contentsOf(back)).toEqual(await contentsOf(theirs));
      for (const state of [theirs, ours, back]) dispose(state);
    },
  );
});

/** Each foreign tensor makes one of ours, a packed one three. */
function numberOfOurs(shapes: TorchLayer["shapes"]): number {
  const packed = Object.keys(shapes).filter((name) => /in_proj/.test(name)).length;
  return Object.keys(shapes).length + 2 * packed;
}

const onCpu = (title: string, body: () => void): void => {
  describe(title, () => {
    beforeAll(() => useBackend("cpu"));
    body();
  });
};

it("every layout is tested with a layer of PyTorch", () => {
  expect(Object.keys(layouts).filter((name) => !cases.some(({ layout }) => layout === name))).toEqual([]);
  for (const [name, layout] of Object.entries(layouts)) expect(layout.name).toBe(name);
});

onCpu("names", () => {
  const namesOf = (title: string): string[] => {
    const { layout, sizes, shapes } = torchLayer(title);
    const theirs = stateOfShapes(shapes);
    const ours = fromLayout(layouts[layout]!, theirs, { sizes });
    const names = Object.entries(ours).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
    dispose(theirs);
    dispose(ours);
    return names.filter((each) => !/layers\.1\./.test(each));
  };

  it("of nn.TransformerDecoderLayer are ours", () => expect(namesOf("nn.TransformerDecoderLayer")).toMatchSnapshot());
});

onCpu("numbers", () => {
  it("of PyTorch's in_proj_weight are thirds of its rows", () => {
    const { shapes, sizes } = torchLayer("nn.MultiheadAttention");
    const theirs = use(stateOfShapes(shapes));
    const ours = use(fromLayout(torchMultiheadAttention, theirs, { sizes }));
    const packed = theirs["in_proj_weight"]!.arraySync() as number[][];
    expect(ours["key.weight"]!.arraySync()).toEqual(packed.slice(12, 24));
  });
});

onCpu("a state dict that does not fit", () => {
  it("is refused by toLayout under our names", () => {
    const { shapes, sizes } = torchLayer("nn.TransformerEncoderLayer");
    const theirs = use(stateOfShapes(shapes));
    const {
      "attention.key.bias": bias,
      "feedForwardNorm.weight": _norm,
      ...ours
    } = use(fromLayout(torchTransformerEncoderLayer, theirs, { sizes }));
    expect(() => toLayout(torchTransformerEncoderLayer, { ...ours, extra: bias! }, { sizes })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: toLayout(torchTransformerEncoderLayer): state does not match the parameters: missing "attention.key.bias", "feedForwardNorm.weight"; unexpected "extra"]`,
    );
  });

  it("is refused when an entry is of another type or disposed", () => {
    const { shapes, sizes } = torchLayer("nn.MultiheadAttention");
    const theirs = use(stateOfShapes(shapes));
    const ids = tensor([1], [1], "int32");
    expect(() => fromLayout(torchMultiheadAttention, { ...theirs, "out_proj.bias": ids }, { sizes })).toThrow(StateDictError);
    ids.dispose();
    expect(() => fromLayout(torchMultiheadAttention, { ...theirs, "out_proj.bias": ids }, { sizes })).toThrow("disposed");
    expect(() => fromLayout(torchMultiheadAttention, null as never, { sizes })).toThrow("state must be an object");
  });
});

describe("a layout of your own", () => {
  const own: Layout = {
    name: "own",
    prefix: "net.",
    body: [
      tensorRule("table", "tokenEmbedding.weight", "vocabSize dModel"),
      ...linearRules("h.{i}.up", "layers.{i}.up", "queryDim dModel"),
    ],
  };

  it("has the sizes that its rules name", () => {
    expect(layoutSizeNames(own)).toEqual({
      layers: ["numLayers"],
      widths: ["vocabSize", "dModel"],
      heads: ["numHeads", "numKvHeads", "headDim"],
    });
  });

  it("is read and written with or without its prefix", () => {
    const theirs = stateOfShapes({ "net.table": [3, 2], "net.h.0.up.weight": [4, 2] });
    const ours = fromLayout(own, theirs, { sizes: { numLayers: 1, numHeads: 2, headDim: 2 } });
    expect(Object.keys(ours)).toEqual(["tokenEmbedding.weight", "layers.0.up.weight"]);
    const back = toLayout(own, ours, { sizes: { numLayers: 1 }, prefix: "" });
    expect(Object.keys(back)).toEqual(["table", "h.0.up.weight"]);
    for (const state of [theirs, ours, back]) dispose(state);
  });

  it("refuses sizes and options that are unknown", () => {
    expect(() => fromLayout(own, {}, { sizes: { numLayer: 1 } })).toThrow(
      'fromLayout(own): unknown size "numLayer"; known sizes: numLayers, numHeads, numKvHeads, headDim, vocabSize, dModel',
    );
    expect(() => toLayout(own, {}, { numLayers: 1 } as never)).toThrow(
      'toLayout(own): unknown option "numLayers"; known options: sizes, flags, prefix, tiedHead',
    );
    expect(() => fromLayout(own, {})).toThrow("fromLayout(own): sizes.numLayers must be given");
  });
});

describe("planLayout", () => {
  const layout = {
    name: "two",
    prefix: "body.",
    body: [{ theirs: ["qkv.weight"], ours: ["q", "k"], shapes: ["dModel dModel", "dModel dModel"], transform: "stacked" as const }],
    head: [tensorRule("head.weight", "head.weight", "vocabSize dModel"), tensorRule("head.bias", "head.bias", "vocabSize")].map((rule) =>
      optional(rule),
    ),
    tied: { head: "head.weight", embedding: "none" },
    ignored: ["mask"],
    renamed: { ".gamma": ".weight" },
  };
  const shapes = { "body.qkv.gamma": [4, 2], "head.weight": [3, 2], "body.mask": [9] };

  it("gives the names and shapes that fromLayout would, and converts one entry at a time to the same", async () => {
    const plan = planLayout(layout, shapes);
    expect(Object.fromEntries(plan.entries)).toEqual({
      "body.qkv.gamma": { q: [2, 2], k: [2, 2] },
      "head.weight": { "head.weight": [3, 2] },
    });
    const qkv = use(tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]));
    const ours = use(await expectNewTensors(() => plan.convert("body.qkv.gamma", qkv), 2));
    expect([[...ours["q"]!.dataSync()], [...ours["k"]!.dataSync()]]).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    const head = use(ones([3, 2]));
    expect(use(plan.convert("head.weight", head))["head.weight"]!.dataId).toBe(head.dataId);
    expect(() => plan.convert("body.mask", qkv)).toThrow('planLayout(two): name must be of a planned entry, got "body.mask"');
  });

  it("leaves out a tied head where the options say so, and names everything that is wrong", () => {
    expect([...planLayout(layout, shapes, { tiedHead: true }).entries.keys()]).toEqual(["body.qkv.gamma"]);
    expect(() => planLayout(layout, { "body.qkv.gamma": [4, 3], "head.bias": [3], other: [] })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: planLayout(two): state does not match the parameters: unexpected "other"; "body.qkv.weight" is [4, 3], expected 2 times [dModel, dModel], stacked]`,
    );
  });
});
