import { backend, clone, concat, engine, slice, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import {
  AppendKeysValues,
  FusedAttention,
  type FusedAttentionAttrs,
  FusedAttentionGrad,
  type FusedAttentionMask,
  type KernelName,
  maskBlockLength,
  runKernel,
} from "@tfblocks/tensor-utils/kernels";
import { backward, type CpuBackend, forward, type OracleKernelCall } from "../oracle-kernels.js";
import type { FuzzCase, FuzzInputs, FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

interface Attention {
  readonly inputs: FuzzInputs;
  readonly attrs: FusedAttentionAttrs;
}

/** Attention of odd sizes, with rows of keys that are room where it may have some, and any of grouped heads, bias, sink, cap, mask and dropout; biases, sinks and caps up to the edges of float32. */
function attention(source: FuzzSource, mayHaveRoom: boolean): Attention {
  const [batch, kvHeads] = [source.integer(1, 2), source.integer(1, 2)];
  const heads = kvHeads * source.integer(1, 2);
  const [queryLength, keyLength] = [source.pick([0, 1, 3, 17, 40, 66]), source.pick([0, 1, 3, 16, 47, 70, 130])];
  const [headDim, valueDim] = [source.pick([1, 3, 8, 17]), source.pick([1, 4, 7])];
  const tensor = (...shape: number[]) => source.tensor(shape, "float32", "ordinary");
  const [before, behind] = mayHaveRoom && keyLength > 0 ? [source.pick([0, 0, 3]), source.pick([0, 1, 70])] : [0, 0];
  const keyRoom = before + keyLength + behind;
  const [hasBias, hasSink, atEdge] = [source.chance(0.4), source.chance(0.4), source.chance(0.4)];
  const scores = (...shape: number[]) => source.tensor(shape, "float32", atEdge ? "edge" : "ordinary");
  const biasShape = [batch, heads, queryLength, keyLength].map((length) => (source.chance(0.5) ? length : 1));
  return {
    inputs: {
      query: tensor(batch, heads, queryLength, headDim),
      key: tensor(batch, kvHeads, keyRoom, headDim),
      value: tensor(batch, kvHeads, keyRoom, valueDim),
      ...(hasBias && { bias: scores(...biasShape) }),
      ...(hasSink && { sink: scores(heads) }),
    },
    attrs: {
      hasBias,
      hasSink,
      needWeights: source.chance(0.5),
      scale: source.pick([1 / Math.sqrt(headDim), 0.3]),
      softcap: source.pick(atEdge ? [0, 0, 1e-37, 2, 1e38, 3.4e38] : [0, 0, 2]),
      dropoutRate: source.pick([0, 0, 0.4]),
      dropoutSeed: source.integer(0, 1000),
      queryOffset: source.integer(0, 5),
      keyOffset: source.integer(0, 5),
      ...(keyRoom > keyLength && { keyRows: [before, before + keyLength] }),
      ...(source.chance(0.5) && { mask: mask(source, [batch, heads, queryLength, keyLength]) }),
    },
  };
}

/** Any of the blocks empty, full, or of random cells; cells beyond the lengths are forbidden. */
function mask(source: FuzzSource, [batch, heads, queryLength, keyLength]: readonly [number, number, number, number]): FusedAttentionMask {
  const size = { batch: source.pick([1, batch]), heads: source.pick([1, heads]) };
  const [rows, columns] = [Math.ceil(queryLength / maskBlockLength), Math.ceil(keyLength / maskBlockLength)];
  const partial: Uint8Array[] = [];
  const blocks = Int32Array.from({ length: size.batch * size.heads * rows * columns }, (_, block) => {
    const [row, column] = [Math.floor(block / columns) % rows, block % columns];
    const lengths = [queryLength - row * maskBlockLength, keyLength - column * maskBlockLength] as const;
    return source.chance(0.5) ? partial.push(randomCells(source, ...lengths)) - 1 : source.pick([-2, -1]);
  });
  const bits = new Uint8Array(partial.length * (maskBlockLength ** 2 / 8));
  partial.forEach((each, index) => bits.set(each, index * each.length));
  return { ...size, blocks, bits };
}

/** A bit for each of 64 keys by 64 queries, 0 beyond the lengths. */
function randomCells(source: FuzzSource, queries: number, keys: number): Uint8Array {
  const bits = new Uint8Array(maskBlockLength ** 2 / 8);
  for (let key = 0; key < Math.min(keys, maskBlockLength); key++) {
    for (let query = 0; query < Math.min(queries, maskBlockLength); query++) {
      bits[key * (maskBlockLength / 8) + (query >> 3)]! |= source.integer(0, 1) << (query & 7);
    }
  }
  return bits;
}

type AttentionKernel = KernelName<readonly Tensor[], FusedAttentionAttrs, readonly Tensor[]>;

/** Kernels of attention take their tensors in order. */
function attentionCase(
  kernelName: AttentionKernel,
  { inputs, attrs }: Attention,
  oracle: (call: OracleKernelCall) => TensorInfo[],
): FuzzCase {
  return {
    inputs,
    call: `${kernelName} with ${JSON.stringify({ ...attrs, mask: attrs.mask !== undefined })}`,
    run: (tensors) => [...runKernel(kernelName, Object.values(tensors), attrs)],
    oracle: (tensors) =>
      oracle({ inputs: Object.values(tensors), attrs, backend: backend() as unknown as CpuBackend }).map((each) =>
        engine().makeTensorFromTensorInfo(each),
      ),
    tolerance: { atol: 2e-5, rtol: 2e-4 },
  };
}

/** The outputs that a forward pass left, by the oracle on arrays, and gradients of them. */
function withGradients(source: FuzzSource, given: Attention): Attention {
  const { inputs, attrs } = given;
  const order = Object.values(inputs);
  const held = {
    data: { get: (dataId: object) => ({ values: (dataId as FuzzTensor).values as Float32Array }) },
    makeTensorInfo: (shape: number[], dtype: "float32", values: Float32Array) => ({
      shape,
      dtype,
      dataId: { shape, dtype, values, view: false },
    }),
  };
  const infos = order.map((each) => ({ shape: [...each.shape], dtype: each.dtype, dataId: each }));
  const outputs = forward({ inputs: infos, attrs, backend: held }).map(({ dataId }) => dataId as FuzzTensor);
  const gradients = outputs.map(({ shape }) => source.tensor(shape, "float32", "ordinary"));
  const named = (prefix: string, tensors: readonly FuzzTensor[]) =>
    Object.fromEntries(tensors.map((each, index) => [prefix + index, each]));
  return { ...given, inputs: { ...inputs, ...named("output ", outputs), ...named("gradient ", gradients) } };
}

/** Rows written into the room of others, in place; the oracle joins the rows before, the new ones and those behind. */
function appendCase(source: FuzzSource): FuzzCase {
  const [batch, kvHeads, room, length] = [source.integer(1, 2), source.integer(1, 3), source.integer(1, 9), source.integer(0, 3)];
  const at = source.integer(0, Math.max(0, room - length));
  const tensor = (rows: number, dim: number) => source.tensor([batch, kvHeads, rows, dim], "float32");
  const [headDim, valueDim] = [source.pick([1, 4, 70]), source.pick([1, 3])];
  const fresh = Math.min(length, room);
  return {
    inputs: {
      cachedKey: tensor(room, headDim),
      cachedValue: tensor(room, valueDim),
      key: tensor(fresh, headDim),
      value: tensor(fresh, valueDim),
    },
    call: `AppendKeysValues with ${JSON.stringify({ at })}`,
    run(tensors) {
      runKernel(AppendKeysValues, tensors as never, { at });
      return [clone(tensors["cachedKey"]!), clone(tensors["cachedValue"]!)];
    },
    oracle(tensors) {
      const written = (cached: Tensor, rows: Tensor) => {
        const [before, behind] = [slice(cached, [0, 0, 0, 0], [-1, -1, at, -1]), slice(cached, [0, 0, at + fresh, 0])];
        return concat([before, rows, behind], 2);
      };
      return [written(tensors["cachedKey"]!, tensors["key"]!), written(tensors["cachedValue"]!, tensors["value"]!)];
    },
  };
}

/** Fused attention and its gradients, and the cache that it reads. */
export const attentionRows: readonly FuzzRow[] = [
  { kernelName: AppendKeysValues, make: appendCase },
  { kernelName: FusedAttention, make: (source) => attentionCase(FusedAttention, attention(source, true), forward) },
  {
    kernelName: FusedAttentionGrad,
    make: (source) => attentionCase(FusedAttentionGrad, withGradients(source, attention(source, false)), backward),
  },
];
