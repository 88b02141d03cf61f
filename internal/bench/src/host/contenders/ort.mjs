import { onnxModel } from "../../onnx/model.mjs";
import { encoderGraph, paddedTexts } from "../encoder.mjs";
import { values } from "../inputs.mjs";
import { headsFirst, lengthFirst } from "../layouts.mjs";
import { denseMask } from "../masks.mjs";
import { flops } from "../work.mjs";
import { size } from "./timed.mjs";

/**
 * ONNX Runtime by one of its execution providers, `wasm` on the web. A session copies its inputs in and its output out, which a model pays once and
 * an operation does not, so short operations are timed as a chain in which each takes the result of the one before.
 */
export function ortContender(ort, { provider, threads }) {
  const open = (model) => {
    const threading = threads && { intraOpNumThreads: threads };
    return ort.InferenceSession.create(model, { executionProviders: [provider], graphOptimizationLevel: "all", ...threading });
  };
  const prepare = async ({ chain = 1, inputs, shapes, outputShape, node }) => {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, new ort.Tensor("float32", data, shapes[name])]));
    const session = (length) => open(onnxModel({ nodes: chained(node, length), inputs: shapes, outputs: { result: outputShape } }));
    const [once, long] = [await session(1), await session(chain)];
    return {
      calls: chain,
      run: () => long.run(feeds),
      output: async () => (await once.run(feeds)).result.data,
      dispose: () => Promise.all([once.release(), long.release()]),
    };
  };

  return {
    gemm: (spec) => gemm(prepare, spec),
    attention: (spec) => attention(prepare, spec),
    elementwise: (spec) => elementwise(prepare, spec),
    packedBatch: (spec) => textBatch(ort, open, spec),
  };
}

/** A batch of texts, padded to the longest. */
async function textBatch(ort, open, spec) {
  const session = await open(onnxModel(encoderGraph(spec)));
  const { shape, ids, mask, withoutPadding } = paddedTexts(spec);
  const feeds = { ids: new ort.Tensor("int32", ids, shape), mask: new ort.Tensor("int32", mask, shape) };
  const run = async () => (await session.run(feeds)).hidden;
  return { run, output: async () => withoutPadding((await run()).data), dispose: () => session.release() };
}

function gemm(prepare, spec) {
  const { m, n, k, batch = 1, transposeB } = spec;
  if (transposeB) return undefined; // ONNX's MatMul has no such flag; its Gemm packs as MatMul does
  const leading = batch === 1 ? [] : [batch];
  const shapes = { a: [...leading, m, k], b: [...leading, k, n] };
  return prepare({
    chain: n === k ? chainFor(spec) : 1,
    shapes,
    inputs: { a: values(1, size(shapes.a)), b: values(2, size(shapes.b)) },
    outputShape: [...leading, m, n],
    node: (a, result) => ({ op: "MatMul", inputs: [a, "b"], outputs: [result] }),
  });
}

function attention(prepare, spec) {
  const { batch, heads, kvHeads, queries, keys, headDim, mask } = spec;
  if (heads !== kvHeads) return undefined; // GroupQueryAttention takes a cache and is always causal
  const width = heads * headDim;
  const shapes = { a: [batch, queries, width], k: [batch, keys, width], v: [batch, keys, width] };
  const input = (seed, length) => lengthFirst(values(seed, batch * length * width), { batch, heads, length, headDim });
  const inputs = { a: input(1, queries), k: input(2, keys), v: input(3, keys) };
  const hasBias = mask !== undefined && mask.type !== "causal";
  if (hasBias) {
    shapes.bias = [1, 1, queries, keys];
    inputs.bias = denseMask(spec, Float32Array, 0, -1e9);
  }
  return prepare({
    chain: chainFor(spec),
    shapes,
    inputs,
    outputShape: [batch, queries, width],
    node: (a, result) => ({
      op: "MultiHeadAttention",
      domain: "com.microsoft",
      inputs: [a, "k", "v", ...(hasBias ? ["", "", "bias"] : [])],
      outputs: [result],
      attributes: { num_heads: heads, ...(mask?.type === "causal" && { unidirectional: 1 }) },
    }),
  }).then((prepared) => ({
    ...prepared,
    output: async () => headsFirst(await prepared.output(), { batch, heads, length: queries, headDim }),
  }));
}

function elementwise(prepare, { op, rows, columns }) {
  const shape = [rows, columns];
  const operations = {
    softmax: { op: "Softmax", extra: [], attributes: { axis: 1 } },
    gelu: { op: "Gelu", extra: [] },
    layerNorm: { op: "LayerNormalization", extra: ["weight", "bias"], attributes: { axis: 1, epsilon: { float: 1e-5 } } },
  };
  const { op: type, extra, attributes } = operations[op];
  const parameters = { weight: values(2, columns), bias: values(3, columns) };
  return prepare({
    chain: 8,
    shapes: { a: shape, ...Object.fromEntries(extra.map((name) => [name, [columns]])) },
    inputs: { a: values(1, rows * columns), ...Object.fromEntries(extra.map((name) => [name, parameters[name]])) },
    outputShape: shape,
    node: (a, result) => ({ op: type, inputs: [a, ...extra], outputs: [result], attributes }),
  });
}

/** Long enough that the copies of one run do not count: some 4 GFLOP, at most 8 operations. */
const chainFor = (spec) => Math.max(1, Math.min(8, Math.round(4e9 / flops(spec))));

const chained = (node, length) =>
  Array.from({ length }, (_, index) => node(index === 0 ? "a" : `r${index}`, index === length - 1 ? "result" : `r${index + 1}`));
