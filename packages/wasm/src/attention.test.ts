import { add, engine, grads, memory, mul, sum, type Tensor, tensor4d } from "@tensorflow/tfjs-core";
import { type AttentionOptions, type AttentionResult, scaledDotProductAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { FusedAttention, withoutKernel } from "@tfblocks/tensor-utils/kernels";
import { expectClose, fusedBackendNames, randomTensor, startWasm, use, useBackend } from "@tfblocks/testkit";
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
  /** Gradients of the output and of the weights. */
  readonly upstream: readonly [Tensor, Tensor];
  readonly run: (inputs: readonly Tensor[], options: { composed: boolean; needWeights: boolean }) => AttentionResult;
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
    upstream: [randomTensor([batch, heads, queryLength, valueDim], 6), randomTensor([batch, heads, queryLength, keyLength], 7)],
    run([query, key, value, ...others], { composed, needWeights }) {
      const extras = { ...(bias && { bias: others[0]! }), ...(sink && { sink: others.at(-1)! }) };
      const attend = () => scaledDotProductAttention(query!, key!, value!, { ...options, ...extras, needWeights });
      return composed ? withoutKernel(FusedAttention, attend) : attend();
    },
  };
}

/** By name: the output and the weights, and the gradients of all inputs without and with weights. */
function resultsOf({ inputs, upstream, run }: Prepared, composed: boolean): Record<string, Tensor> {
  const { output, weights } = run(inputs, { composed, needWeights: true });
  const plain = run(inputs, { composed, needWeights: false }).output;
  const fromOutput = (...given: Tensor[]) => sum(mul(run(given, { composed, needWeights: false }).output, upstream[0]));
  const fromBoth = (...given: Tensor[]) => {
    const both = run(given, { composed, needWeights: true });
    return add(sum(mul(both.output, upstream[0])), sum(mul(both.weights!, upstream[1])));
  };
  const gradients = Object.entries({ fromOutput, fromBoth }).flatMap(([name, loss]) =>
    grads((...given: Tensor[]) => loss(...given) as Tensor)(inputs).map((each, index) => [`gradient ${index} ${name}`, each] as const),
  );
  return { output, weights: weights!, plain, ...Object.fromEntries(gradients) };
}

async function checkCase(each: Case): Promise<void> {
  const before = memory().numTensors;
  const prepared = prepare(each);
  const [fused, composed] = [resultsOf(prepared, false), resultsOf(prepared, true)];
  await expectClose(fused["plain"]!, fused["output"]!, { atol: 0, rtol: 0 }, "output without weights");
  for (const [name, tensor] of Object.entries(fused)) {
    const tolerance = name.startsWith("gradient") ? 1e-4 : name === "weights" ? 2e-6 : 1e-5;
    await expectClose(tensor, composed[name]!, { atol: tolerance, rtol: tolerance }, name);
  }
  for (const tensor of [...prepared.inputs, ...prepared.upstream, ...Object.values(fused), ...Object.values(composed)]) tensor.dispose();
  expect(memory().numTensors).toBe(before);
}

describe.each(fusedBackendNames.map((name) => [name] as const))("fused attention on %s", (name) => {
  beforeAll(() => useBackend(name));
  it.each(cases.map((each) => [each.title, each] as const))("equals composed attention, gradients too: %s", (_, each) => checkCase(each));
});

/** All results of every case on this many threads. */
async function numbersWith(threads: number, relaxedSimd: boolean): Promise<Float32Array[]> {
  const { threads: given } = await startWasm({ threads, relaxedSimd });
  expect(given.got).toBe(threads);
  const numbers: Float32Array[] = [];
  for (const each of cases) {
    const prepared = prepare(each);
    const results = Object.values(resultsOf(prepared, false));
    for (const tensor of results) numbers.push((await tensor.data()) as Float32Array);
    for (const tensor of [...prepared.inputs, ...prepared.upstream, ...results]) tensor.dispose();
  }
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
    const alone = await numbersWith(1, relaxedSimd);
    for (const threads of [2, 3]) expect(differing(await numbersWith(threads, relaxedSimd), alone)).toEqual([]);
  });
});

describe("weights of fused attention", () => {
  beforeAll(async () => {
    await startWasm({ threads: 1 });
  });

  it.each([200, 1])("are exactly 0 where a key is forbidden, also in a row with NaN: %s queries", async (queries) => {
    const [query, key, value] = [randomTensor([1, 1, queries, 8], 1), randomTensor([1, 1, 200, 8], 2), randomTensor([1, 1, 200, 8], 3)];
    const nan = use(
      tensor4d(
        Array.from({ length: 200 }, (_, k) => (k === 130 ? NaN : 0)),
        [1, 1, 200, 1],
      ),
    );
    const options = { mask: masks.lastN(70), queryOffset: queries === 1 ? 130 : 0, needWeights: true, needLogSumExp: true };
    const { weights, logSumExp } = use(scaledDotProductAttention(query, use(add(key, nan)), value, options));
    const [cells, sums] = [await weights!.data(), await logSumExp!.data()];
    for (let q = 0; q < queries; q++) {
      const open = (k: number) => options.mask.at(0, 0, q + options.queryOffset, k);
      expect(Number.isNaN(sums[q])).toBe(open(130));
      for (let k = 0; k < 200; k++) {
        const weight = cells[q * 200 + k]!;
        expect(open(k) ? (open(130) ? Number.isNaN(weight) : weight > 0) : weight === 0).toBe(true);
      }
    }
  });

  it("sum to 1 within 1e-6, with scores of 1e4 too", async () => {
    for (const scale of [0.1, 1e4]) {
      const [query, key] = [randomTensor([1, 2, 130, 16], 1), randomTensor([1, 2, 1000, 16], 2)];
      const { weights } = use(scaledDotProductAttention(query, key, key, { scale, needWeights: true }));
      await expectClose(use(sum(weights!, -1)), { shape: [1, 2, 130], data: new Float32Array(260).fill(1) }, { atol: 1e-6, rtol: 0 });
    }
  });
});

/** The heap, which never shrinks. */
const heap = () => (engine().backend as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;

describe("memory of fused attention", () => {
  const [heads, length, headDim] = [2, 4096, 64];
  const tensors = () => [1, 2, 3].map((seed) => randomTensor([1, heads, length, headDim], seed)) as [Tensor, Tensor, Tensor];

  it("grows with the lengths, not with their product", async () => {
    await startWasm({ threads: 1 });
    const [query, key, value] = tensors();
    const before = heap();
    use(scaledDotProductAttention(query, key, value, { mask: masks.lastN(256) }));
    expect(heap() - before).toBeLessThan(3 * 4 * heads * length * headDim * 4); // the scores alone have 134 MB
  });

  it("holds one matrix where weights are asked for: the weights", async () => {
    await startWasm({ threads: 1 });
    const [query, key, value] = tensors();
    const before = heap();
    use(scaledDotProductAttention(query, key, value, { mask: masks.lastN(256), needWeights: true }));
    expect(heap() - before).toBeLessThan(1.5 * heads * length * length * 4);
  });
});
