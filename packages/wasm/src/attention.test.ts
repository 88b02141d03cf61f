import { engine, grads, memory, mul, sum, type Tensor, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { type AttentionOptions, scaledDotProductAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { FusedAttention } from "@tfblocks/tensor-utils/kernels";
import { expectClose, fusedBackendNames, randomTensor, startWasm, use, useBackend, withoutKernel } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { hasRelaxedSimd } from "./runtime/features.js";

interface Case {
  readonly title: string;
  /** batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim */
  readonly sizes: readonly [number, number, number, number, number, number, number];
  readonly options?: AttentionOptions;
  /** Shape of a bias. */
  readonly bias?: readonly number[];
  readonly sink?: true;
}

// Most cases have more than one block of 64 x 64, and blocks that are cut at every edge.
const cases: readonly Case[] = [
  { title: "full, lengths that are not multiples of a block", sizes: [1, 2, 2, 131, 197, 33, 47] },
  { title: "causal", sizes: [2, 2, 2, 130, 130, 64, 64], options: { mask: masks.causal() } },
  { title: "causal with an offset, grouped heads", sizes: [1, 4, 2, 65, 200, 16, 24], options: { mask: masks.causal(), queryOffset: 135 } },
  {
    title: "window with empty rows",
    sizes: [1, 1, 1, 140, 70, 8, 8],
    options: { mask: masks.slidingWindow({ left: 20, right: 3 }) },
  },
  { title: "packed documents, multi-query", sizes: [1, 3, 1, 150, 150, 12, 12], options: { mask: masks.packed([40, 60, 50]) } },
  {
    title: "padding for each batch element, one of them empty",
    sizes: [2, 2, 2, 70, 129, 8, 4],
    options: { mask: masks.padding({ lengths: [100, 0] }) },
  },
  {
    title: "bias for every cell with a softcap",
    sizes: [1, 2, 1, 66, 67, 16, 8],
    options: { softcap: 2, mask: masks.causal() },
    bias: [1, 2, 66, 67],
  },
  { title: "bias broadcast over batch and queries", sizes: [2, 2, 2, 70, 71, 8, 8], bias: [1, 2, 1, 71] },
  { title: "sink, window and grouped heads", sizes: [1, 4, 2, 129, 129, 8, 8], options: { mask: masks.lastN(30) }, sink: true },
  { title: "dropout", sizes: [2, 2, 2, 80, 81, 8, 8], options: { dropout: 0.3, training: true, seed: 9, queryOffset: 7, keyOffset: 3 } },
  { title: "one number wide", sizes: [1, 1, 1, 70, 70, 1, 1] },
  { title: "one query", sizes: [2, 4, 4, 1, 300, 64, 64] },
  {
    title: "one query, grouped heads, window and sink",
    sizes: [1, 4, 2, 1, 203, 10, 7],
    options: { mask: masks.lastN(70), queryOffset: 202 },
    sink: true,
  },
  {
    title: "one query, softcap and padding, one batch element empty",
    sizes: [2, 2, 2, 1, 131, 8, 12],
    options: { softcap: 2, mask: masks.padding({ lengths: [75, 0] }) },
  },
  { title: "one query with a bias", sizes: [1, 2, 2, 1, 70, 8, 8], bias: [1, 2, 1, 70] },
];

describe("a softcap whose inverse overflows", () => {
  beforeAll(async () => {
    await startWasm({ threads: 1 });
  });

  it("is composed: all scores are 0, and so are their gradients", async () => {
    const [query, key, value] = [randomTensor([1, 1, 3, 4], 1), randomTensor([1, 1, 2, 4], 2), use(tensor4d([1, 3], [1, 1, 2, 1]))];
    const attend = (q: Tensor) => scaledDotProductAttention(q, key, value, { softcap: 1e-40 }).output;
    await expectClose(use(attend(query)), { shape: [1, 1, 3, 1], data: [2, 2, 2] });
    const gradient = use(grads((q) => attend(q!))([query]));
    await expectClose(gradient[0]!, { shape: [1, 1, 3, 4], data: new Float32Array(12) });
  });
});

interface Prepared {
  readonly inputs: Tensor[];
  readonly upstream: Tensor;
  readonly run: (inputs: readonly Tensor[], composed: boolean) => Tensor4D;
}

function prepare({ sizes, options = {}, bias, sink }: Case): Prepared {
  const [batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim] = sizes;
  const inputs = [
    randomTensor([batch, heads, queryLength, headDim], 1),
    randomTensor([batch, kvHeads, keyLength, headDim], 2),
    randomTensor([batch, kvHeads, keyLength, valueDim], 3),
    ...(bias ? [randomTensor(bias, 4)] : []),
    ...(sink ? [randomTensor([heads], 5)] : []),
  ];
  return {
    inputs,
    upstream: randomTensor([batch, heads, queryLength, valueDim], 6),
    run([query, key, value, ...others], composed) {
      const extras = { ...(bias && { bias: others[0]! }), ...(sink && { sink: others.at(-1)! }) };
      const attend = () => scaledDotProductAttention(query!, key!, value!, { ...options, ...extras }).output;
      return composed ? withoutKernel(FusedAttention, attend) : attend();
    },
  };
}

/** The output, and the gradients of all inputs. */
function outputAndGradients({ inputs, upstream, run }: Prepared, composed: boolean): Tensor[] {
  const loss = (...given: Tensor[]) => sum(mul(run(given, composed), upstream)) as Tensor;
  return [run(inputs, composed), ...grads(loss)(inputs)];
}

async function checkCase(each: Case): Promise<void> {
  const before = memory().numTensors;
  const prepared = prepare(each);
  const [fused, composed] = [outputAndGradients(prepared, false), outputAndGradients(prepared, true)];
  await expectClose(fused[0]!, composed[0]!, { atol: 1e-5, rtol: 1e-5 }, "output");
  for (let input = 1; input < fused.length; input++) {
    await expectClose(fused[input]!, composed[input]!, { atol: 1e-4, rtol: 1e-4 }, `gradient of input ${input - 1}`);
  }
  for (const tensor of [...prepared.inputs, prepared.upstream, ...fused, ...composed]) tensor.dispose();
  expect(memory().numTensors).toBe(before);
}

describe.each(fusedBackendNames.map((name) => [name] as const))("fused attention on %s", (name) => {
  beforeAll(() => useBackend(name));
  it.each(cases.map((each) => [each.title, each] as const))("equals composed attention, gradients too: %s", (_, each) => checkCase(each));
});

/** All results of a case on this many threads. */
async function numbersWith(threads: number, relaxedSimd: boolean, each: Case): Promise<Float32Array[]> {
  const { threads: given } = await startWasm({ threads, relaxedSimd });
  expect(given.got).toBe(threads);
  const prepared = prepare(each);
  const results = outputAndGradients(prepared, false);
  const numbers = await Promise.all(results.map(async (tensor) => (await tensor.data()) as Float32Array));
  for (const tensor of [...prepared.inputs, prepared.upstream, ...results]) tensor.dispose();
  return numbers;
}

/** The indices of tensors that differ in a bit. */
function differing(some: readonly Float32Array[], others: readonly Float32Array[]): number[] {
  const words = (array: Float32Array) => new Uint32Array(array.buffer, array.byteOffset, array.length);
  return some.flatMap((array, index) => {
    const other = words(others[index]!);
    return words(array).every((word, at) => word === other[at]) ? [] : [index];
  });
}

describe.runIf(fusedBackendNames.some((name) => name.endsWith("2 threads")))("threads", () => {
  it.each(hasRelaxedSimd() ? [false, true] : [false])("give the same bits as one thread (relaxed SIMD: %s)", async (relaxedSimd) => {
    for (const each of cases) {
      const alone = await numbersWith(1, relaxedSimd, each);
      for (const threads of [2, 3]) expect(differing(await numbersWith(threads, relaxedSimd, each), alone)).toEqual([]);
    }
  });
});

describe("memory of fused attention", () => {
  it("grows with the lengths, not with their product", async () => {
    await startWasm({ threads: 1 });
    const heap = () => (engine().backend as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
    const [heads, length, headDim] = [2, 4096, 64];
    const [query, key, value] = [1, 2, 3].map((seed) => randomTensor([1, heads, length, headDim], seed)) as [Tensor, Tensor, Tensor];
    const before = heap();
    use(scaledDotProductAttention(query, key, value, { mask: masks.lastN(256) }));
    expect(heap() - before).toBeLessThan(3 * 4 * heads * length * headDim * 4); // the scores alone have 134 MB
  });
});
