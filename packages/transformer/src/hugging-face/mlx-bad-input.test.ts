import { mlxFixture } from "@tfblocks/fixtures/mlx";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { openSafetensors, type StoredTensor, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { loadModel, type LoadOptions } from "../hugging-face.js";

beforeAll(() => useBackend("cpu"));

type Tensors = Record<string, StoredTensor>;
const layer = "model.layers.0.mlp.down_proj";

/** The tensors of a folder of mlx-lm in 8 bits, groups of 32. */
async function tensorsOf(bytes: Uint8Array): Promise<Tensors> {
  const reader = await openSafetensors(bytes);
  const all: Tensors = {};
  for (const name of reader.names) {
    const { dtype, shape } = reader.info(name);
    const numbers: number[] = [];
    for await (const { elements } of reader.readRows(name)) numbers.push(...elements);
    const elements = () => (dtype === "U32" ? Uint32Array.from(numbers) : Float32Array.from(numbers));
    all[name] = { dtype: dtype as StoredTensor["dtype"], shape, elements };
  }
  return all;
}

/** The error of loading a changed folder; it must leave no tensor behind. */
async function refusal(config: object, change: (tensors: Tensors) => void = () => {}, options?: LoadOptions): Promise<unknown> {
  const fixture = await mlxFixture("qwen3-8-32-untied");
  const tensors = await tensorsOf(fixture.weights);
  change(tensors);
  const weights = await openSafetensors(writeSafetensors(tensors));
  return expectNewTensors(
    () =>
      loadModel({ config: { ...fixture.config, ...config }, weights }, options).then(
        ({ model }) => model.dispose(),
        (reason: unknown) => (reason as Error).message,
      ),
    0,
  );
}

const quantization = (changed: object) => ({ quantization: { group_size: 32, bits: 8, ...changed }, quantization_config: undefined });

/** A tensor with another element. */
const withNumber = (tensor: StoredTensor, at: number, value: number): StoredTensor => ({
  ...tensor,
  dtype: "F32",
  elements: () => (tensor.elements() as Float32Array).with(at, value),
});

const wrongConfigs: readonly [what: string, config: object, message: string | RegExp][] = [
  ["other bits", quantization({ bits: 3 }), "loadModel: config.quantization.bits must be 4 or 8, got 3"],
  ["another mode", quantization({ mode: "mxfp4" }), 'loadModel: config.quantization.mode must be "affine", got "mxfp4"'],
  ["other groups", quantization({ group_size: 48 }), "loadModel: config.quantization.group_size must be 16, 32, 64 or 128, got 48"],
  [
    "other bits of a layer",
    quantization({ [layer]: { group_size: 32, bits: 6 } }),
    `loadModel: config.quantization["${layer}"].bits must be 4 or 8, got 6`,
  ],
  [
    "an unknown field of a layer",
    quantization({ [layer]: { group_size: 32, bits: 8, global_scale: true } }),
    `loadModel: config.quantization["${layer}"].global_scale must be absent, got true`,
  ],
  [
    "a layer that is not described",
    quantization({ [layer]: "8" }),
    `config.quantization["${layer}"] must be an object, true or false, got "8"`,
  ],
  ["no object", { quantization: 8, quantization_config: undefined }, "loadModel: config.quantization must be an object, got 8"],
  [
    "two configs that differ",
    { quantization_config: { group_size: 64, bits: 8 } },
    "loadModel: config.quantization_config must be equal to quantization, got an object",
  ],
  [
    "no config of the quantisation",
    { quantization: undefined, quantization_config: undefined },
    /config\.quantization must be given for weights with ".*\.scales", got undefined/,
  ],
  [
    "the config of other groups than those of the weights",
    quantization({ group_size: 16 }),
    /weights\[".*\.scales"\] must be \[\d+, \d+\], for words \[\d+, \d+\] with 8 bits in groups of 16, got \[\d+, \d+\]/,
  ],
  ["the config of other bits", quantization({ bits: 4 }), /with 4 bits in groups of 32/],
  [
    "a layer that the config calls plain",
    quantization({ [layer]: false }),
    `weights["${layer}.scales"] must be absent, as config.quantization says, got scales`,
  ],
  [
    "a layer that the weights lack",
    quantization({ "model.layers.7": { group_size: 32, bits: 8 } }),
    'weights["model.layers.7.scales"] must be there, as config.quantization says, got no such tensor',
  ],
];

const wrongTensors: readonly [what: string, change: (tensors: Tensors) => void, message: string][] = [
  [
    "no biases",
    (all) => void delete all[`${layer}.biases`],
    `weights["${layer}.biases"] must be there, beside the scales, got no such tensor`,
  ],
  [
    "weights that are no words",
    (all) => void (all[`${layer}.weight`] = { dtype: "F32", shape: [64, 24], elements: () => new Float32Array(64 * 24) }),
    `weights["${layer}.weight"] must be of U32, for weights with scales, got F32`,
  ],
  [
    "scales that are integers",
    (all) => void (all[`${layer}.scales`] = { dtype: "U32", shape: [64, 3], elements: () => new Uint32Array(192) }),
    `weights["${layer}.scales"] must be of F32, F16, BF16 or F64, got U32`,
  ],
  [
    "words without scales",
    (all) => void (delete all[`${layer}.scales`], delete all[`${layer}.biases`]),
    `"${layer}.weight" is [64, 24], expected [dModel = 64, hiddenDim = 96]`,
  ],
  [
    "a scale that is NaN",
    (all) => void (all[`${layer}.scales`] = withNumber(all[`${layer}.scales`]!, 5, NaN)),
    `weights["${layer}.scales"] must be of finite numbers, got NaN at 5`,
  ],
  [
    "a bias that is infinite",
    (all) => void (all[`${layer}.biases`] = withNumber(all[`${layer}.biases`]!, 7, -Infinity)),
    `weights["${layer}.biases"] must be of finite numbers, got -Infinity at 7`,
  ],
  [
    "a scale of 0 for several codes",
    (all) => void (all[`${layer}.scales`] = withNumber(all[`${layer}.scales`]!, 4, 0)),
    `weights["${layer}.scales"] must be other than 0 for a group of several codes, got 0 at 4`,
  ],
];

describe("a folder of mlx-lm is refused in one sentence, and leaves nothing behind, for", () => {
  it.each(wrongConfigs)("%s", async (_what, config, message) => {
    expect(await refusal(config)).toEqual(expect.stringMatching(message instanceof RegExp ? message : escaped(message)));
  });

  it.each(wrongTensors)("%s", async (_what, change, message) => {
    expect(await refusal({}, change)).toEqual(expect.stringContaining(message));
  });

  it("the option to quantise again", async () => {
    expect(await refusal({}, () => {}, { quantize: 4 })).toBe(
      "loadModel: quantize must be left out for weights that are quantised already, got 4",
    );
  });

  it("weights that are plain although the config says otherwise", async () => {
    const plain = (all: Tensors) => {
      for (const name of Object.keys(all)) if (/\.(scales|biases)$/.test(name)) delete all[name];
    };
    expect(await refusal({}, plain)).toBe("loadModel: config.quantization must be absent for weights without scales, got an object");
  });

  it.each(["bitsandbytes", "gptq", "awq", "fp8"])("a model of %s", async (method) => {
    expect(await refusal({ quantization_config: { quant_method: method, bits: 4 } })).toBe(
      `loadModel: config.quantization_config.quant_method must be absent, got "${method}"; load the original weights, with { quantize: 8 }`,
    );
  });
});

describe("a folder of mlx-lm is read with", () => {
  it("a scale of 0 for a group of equal codes", async () => {
    const equal = (all: Tensors) => {
      all[`${layer}.scales`] = withNumber(all[`${layer}.scales`]!, 0, 0);
      const words = all[`${layer}.weight`]!;
      all[`${layer}.weight`] = { ...words, elements: () => (words.elements() as Uint32Array).fill(0x07070707, 0, 8) };
    };
    expect(await refusal({}, equal)).toBeUndefined();
  });
});

describe("quantising on load refuses", () => {
  it.each<[LoadOptions["quantize"], string | RegExp]>([
    [3 as never, /bits must be 4 or 8, got 3/],
    ["8" as never, 'loadModel: quantize must be 4, 8 or { bits, groupSize, parts }, got "8"'],
    [null as never, "loadModel: quantize must be 4, 8 or { bits, groupSize, parts }, got null"],
    [{ bits: 8, groups: 3 } as never, /unknown option "groups"/],
    [
      { bits: 8, groupSize: 64 },
      /loadModel: ".*": groupSize must be a divisor of inFeatures = 96, got 64; choose a smaller one, or name the parts/,
    ],
    [{ bits: 8, parts: "layers.9" }, /loadModel: pattern must be the name of a part, got "layers.9"/],
    [{ bits: 8, parts: "finalNorm" }, 'loadModel: parts: "finalNorm" must be a Linear or a token embedding'],
  ])("%j", async (quantize, message) => {
    const widened = { quantization: undefined, quantization_config: undefined };
    expect(await refusal(widened, wide, { quantize })).toEqual(
      expect.stringMatching(message instanceof RegExp ? message : escaped(message)),
    );
  });

  it("weights that are not finite, by their name", async () => {
    const broken = (all: Tensors) => {
      wide(all);
      all[`${layer}.weight`] = withNumber(all[`${layer}.weight`]!, 100, Infinity);
    };
    const widened = { quantization: undefined, quantization_config: undefined };
    expect(await refusal(widened, broken, { quantize: { bits: 8, groupSize: 32 } })).toBe(
      `loadModel: weights["${layer}.weight"]: weight must be finite numbers, got Infinity at 100`,
    );
  });
});

/** Plain weights of the same shapes. */
function wide(all: Tensors): void {
  for (const name of Object.keys(all)) {
    if (/\.(scales|biases)$/.test(name)) delete all[name];
    else if (all[name]!.dtype === "U32") {
      const [rows, words] = all[name]!.shape as [number, number];
      all[name] = { dtype: "F32", shape: [rows, 4 * words], elements: () => new Float32Array(4 * rows * words) };
    }
  }
}

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
