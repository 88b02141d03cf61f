import { mul, type Tensor, tensor, type Variable } from "@tensorflow/tfjs-core";
import { Composite, embedding, Linear, matmul, parameter, type Parts, scope } from "@tfblocks/tensor-utils";
import { type BackendName, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { partsToQuantize, quantize, withMatrices } from "./quantize.js";
import { QuantizedEmbedding } from "./quantized-embedding.js";
import { QuantizedLinear } from "./quantized-linear.js";
import { QuantizedMatrix } from "./quantized-matrix.js";

class Table extends Composite {
  readonly weight: Variable;
  readonly scale = 2;

  constructor() {
    super("Table");
    this.weight = parameter(() => randomTensor([9, 32], 1));
  }

  apply(ids: Tensor): Tensor {
    return scope(() => mul(embedding(this.weight, ids), this.scale));
  }

  logits(x: Tensor): Tensor {
    return matmul(x, this.weight, { transposeB: true });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}

interface Maps {
  readonly table: Table;
  readonly map: Linear;
  readonly odd: Linear;
}

/** A model with a table that is used twice, and a map whose inputs no group divides. */
class Model extends Composite {
  readonly table: Table;
  readonly map: Linear;
  readonly odd: Linear;

  constructor({ table, map, odd }: Maps) {
    super("Model");
    [this.table, this.map, this.odd] = [table, map, odd];
  }

  apply(ids: Tensor): Tensor {
    return scope(() => this.table.logits(this.map.apply(this.table.apply(ids))));
  }

  parts(): Parts {
    const { table, map, odd } = this;
    return { table, map, odd };
  }
}

function modelOf(): Model {
  const map = new Linear({ inFeatures: 32, outFeatures: 32 });
  map.bias!.assign(randomTensor([32], 3));
  return use(new Model({ table: new Table(), map, odd: new Linear({ inFeatures: 10, outFeatures: 2 }) }));
}

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("quantize on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("gives a block of the same class whose outputs are near", async () => {
    const model = modelOf();
    const ids = use(tensor([[0, 8, 3]], [1, 3], "int32"));
    const small = use(quantize(model, { bits: 8, groupSize: 32, parts: ["table", "map"] }));
    expect([small.constructor, small.map.constructor, small.table.constructor]).toEqual([Model, QuantizedLinear, QuantizedEmbedding]);
    const [exact, near] = [await use(model.apply(ids)).data(), await use(small.apply(ids)).data()];
    const largest = Math.max(...exact.map(Math.abs));
    expect(Math.max(...exact.map((each, at) => Math.abs(each - near[at]!)))).toBeLessThan(0.03 * largest);
  });

  it("saves and loads codes with the parameters", async () => {
    const [model, ids] = [modelOf(), use(tensor([[1, 2]], [1, 2], "int32"))];
    const options = { bits: 4, groupSize: 16, parts: ["table", "map"] } as const;
    const [first, second] = use([quantize(model, options), quantize(modelOf(), options)]);
    const names = ["weight.codes", "weight.offsets", "weight.scales"];
    expect(Object.keys(first.buffers()).toSorted()).toEqual([
      ...names.map((name) => `map.${name}`),
      ...names.map((name) => `table.${name}`),
    ]);
    expect(Object.keys(first.parameters())).toEqual(["map.bias", "odd.weight", "odd.bias"]);
    second.loadStateDict(use(first.stateDict()));
    await expectClose(use(second.apply(ids)), { shape: [1, 2, 9], data: await use(first.apply(ids)).data() });
  });
});

describe("withMatrices", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives the block of quantize, which owns everything", () => {
    const options = { bits: 8, groupSize: 16, parts: ["table", "map"] } as const;
    const model = modelOf();
    const expected = use(quantize(model, options));
    const precisions = partsToQuantize("test", model, options);
    expect([...precisions]).toEqual(["table", "map"].map((name) => [name, { bits: 8, groupSize: 16 }]));
    const matrices = Array.from(precisions, ([name, precision]) => [name, QuantizedMatrix.of(weightOf(model, name), precision)] as const);
    const made = withMatrices(model, new Map(matrices));
    const [ours, theirs] = [use(made.stateDict()), use(expected.stateDict())];
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, value] of Object.entries(ours)) expect(value.dataSync()).toEqual(theirs[name]!.dataSync());
    const parameters = [...Object.values(made.parameters()), ...Object.values(made.buffers())];
    expect(model.map.weight.isDisposed).toBe(true);
    expect(parameters.every(({ isDisposed }) => isDisposed)).toBe(false);
    made.dispose();
    expect(parameters.every(({ isDisposed }) => isDisposed)).toBe(true);
  });

  it("refuses a name that is not that of a part", () => {
    const matrix = use(QuantizedMatrix.of(randomTensor([32, 32], 1), { bits: 8, groupSize: 16 }));
    expect(() => withMatrices(modelOf(), new Map([["none", matrix]]))).toThrow(
      /withMatrices: pattern must be the name of a part, got "none"/,
    );
  });
});

function weightOf(model: Model, name: string): Tensor {
  return name === "table" ? model.table.weight : model.map.weight;
}

/** A map whose name is also that of a part inside it. */
class Wrapped extends Composite {
  readonly inner: Linear;

  constructor({ inner }: { readonly inner: Linear }) {
    super("Wrapped");
    this.inner = inner;
  }

  parts(): Parts {
    return { "": this.inner };
  }
}

class Holder extends Composite {
  readonly map: Wrapped;

  constructor({ map }: { readonly map: Wrapped }) {
    super("Holder");
    this.map = map;
  }

  parts(): Parts {
    return { map: this.map };
  }
}

describe("quantize", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([undefined, "map"])("finds a map inside a part of the same name (parts: %s)", (parts) => {
    const block = use(new Holder({ map: new Wrapped({ inner: new Linear({ inFeatures: 32, outFeatures: 4 }) }) }));
    const small = use(quantize(block, { bits: 8, groupSize: 32, ...(parts !== undefined && { parts }) }));
    expect(small.map.inner).toBeInstanceOf(QuantizedLinear);
    expect(Object.keys({ ...small.buffers(), ...small.parameters() })).toEqual(["map.weight.codes", "map.weight.scales", "map.bias"]);
  });
});

describe("quantize", () => {
  beforeAll(() => useBackend("cpu"));

  it("names what it cannot quantise, and leaves nothing behind", () => {
    const model = modelOf();
    expect(() => quantize(model, { bits: 8, groupSize: 32 })).toThrow(
      'quantize: "odd": groupSize must be a divisor of inFeatures = 10, got 32; choose a smaller one, or name the parts to quantise in the option parts, without this one',
    );
    expect(() => quantize(model, { bits: 8, parts: "none" })).toThrow(/quantize: pattern must be the name of a part, got "none"/);
    expect(() => quantize(model, { bits: 3 } as never)).toThrow(/bits must be 4 or 8, got 3/);
    expect(() => quantize(model, { bits: 8, groups: 32 } as never)).toThrow(/quantize: .*\bgroups\b/);
    const small = use(quantize(model, { bits: 8, groupSize: 16, parts: "map" }));
    expect(() => quantize(small, { bits: 8, groupSize: 16, parts: "map" })).toThrow(
      /quantize: parts: "map" must be a Linear or a token embedding/,
    );
    model.map.weight.assign(use(tensor(new Float32Array(1024).fill(NaN), [32, 32])));
    expect(() => quantize(model, { bits: 8, groupSize: 16, parts: ["table", "map"] })).toThrow(/must be finite numbers, got NaN at 0/);
  });
});
