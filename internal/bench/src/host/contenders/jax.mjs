import { values } from "../inputs.mjs";
import { headsFirst, lengthFirst } from "../layouts.mjs";
import { denseMask } from "../masks.mjs";
import { size } from "./timed.mjs";

/** jax-js on its WASM backend, each case one jitted function. */
export function jaxContender(jax) {
  const { numpy: np, jit } = jax;
  const array = (data, shape) => np.array(data).reshape(shape);

  const prepare = (inputs, compute) => {
    const compiled = jit(compute);
    const call = () => compiled(...inputs.map((each) => each.ref));
    return {
      run: async () => (await call().blockUntilReady()).dispose(),
      output: () => call().data(),
      dispose: () => inputs.forEach((each) => each.dispose()),
    };
  };

  const tools = { jax, array, prepare };
  return {
    gemm: (spec) => gemm(tools, spec),
    attention: (spec) => attention(tools, spec),
    elementwise: (spec) => elementwise(tools, spec),
  };
}

function gemm({ jax: { numpy: np }, array, prepare }, { m, n, k, batch = 1, transposeB = false }) {
  const leading = batch === 1 ? [] : [batch];
  const right = [...leading, ...(transposeB ? [n, k] : [k, n])];
  const inputs = [array(values(1, batch * m * k), [...leading, m, k]), array(values(2, size(right)), right)];
  return prepare(inputs, (a, b) => np.matmul(a, transposeB ? np.matrixTranspose(b) : b));
}

function attention({ jax: { nn }, array, prepare }, spec) {
  if (globalThis.Iterator?.prototype.map === undefined) throw new Error("needs iterator helpers: Node.js 22 or newer");
  const { batch, heads, kvHeads, queries, keys, headDim, mask } = spec;
  const input = (seed, count, length) => {
    const data = values(seed, batch * count * length * headDim);
    return array(lengthFirst(data, { batch, heads: count, length, headDim }), [batch, length, count, headDim]);
  };
  const cells = mask?.type === "documents" ? [denseMask(spec, Float32Array, 0, -1e9)] : [];
  const biases = cells.map((data) => array(data, [1, 1, queries, keys]));
  const options = {
    ...(mask?.type === "causal" && { isCausal: true }),
    ...(mask?.type === "window" && { localWindowSize: [mask.keys - 1, 0] }),
  };
  const inputs = [input(1, heads, queries), input(2, kvHeads, keys), input(3, kvHeads, keys), ...biases];
  const attend = (q, k, v, bias) => nn.dotProductAttention(q, k, v, { ...options, ...(bias && { bias }) });
  const prepared = prepare(inputs, attend);
  return { ...prepared, output: async () => headsFirst(await prepared.output(), { batch, heads, length: queries, headDim }) };
}

function elementwise({ jax: { nn }, array, prepare }, { op, rows, columns }) {
  const x = array(values(1, rows * columns), [rows, columns]);
  const [weight, bias] = [array(values(2, columns), [columns]), array(values(3, columns), [columns])];
  const operations = {
    softmax: [[x], (a) => nn.softmax(a, -1)],
    gelu: [[x], (a) => nn.gelu(a, { approximate: false })],
    layerNorm: [[x, weight, bias], (a, w, b) => nn.standardize(a, -1).mul(w).add(b)],
  };
  return prepare(...operations[op]);
}
