import {
  getGradient,
  type KernelFunc,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  unregisterGradient,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { dropoutFactors } from "@tfblocks/tensor-utils";
import {
  FusedAttention,
  type FusedAttentionAttrs,
  FusedAttentionGrad,
  type FusedAttentionMask,
  maskBlockCodes,
  maskBlockLength,
  runKernel,
} from "@tfblocks/tensor-utils/kernels";
import { attentionGradientOracle, attentionOracle, type OracleInput } from "./attention/attention-oracle.js";

export interface CpuBackend {
  readonly data: { get(dataId: object): { values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: "float32", values: Float32Array): TensorInfo;
}

/**
 * Registers the attention kernels for tfjs's CPU backend, computed by the float64 oracle: the plainest backend that
 * keeps the kernel contract. Returns what takes them off again and restores the gradient that was there before.
 */
export function registerOracleKernels(): () => void {
  registerKernel({ kernelName: FusedAttention, backendName: "cpu", kernelFunc: forward as unknown as KernelFunc });
  registerKernel({ kernelName: FusedAttentionGrad, backendName: "cpu", kernelFunc: backward as unknown as KernelFunc });
  const before = getGradient(FusedAttention);
  if (before) unregisterGradient(FusedAttention);
  registerGradient({ kernelName: FusedAttention, saveAllInputs: true, outputsToSave: [true, true, true], gradFunc: gradient as never });
  return () => {
    unregisterKernel(FusedAttention, "cpu");
    unregisterKernel(FusedAttentionGrad, "cpu");
    unregisterGradient(FusedAttention);
    if (before) registerGradient(before);
  };
}

/** A call of an attention kernel on the CPU backend. */
export interface OracleKernelCall {
  readonly inputs: readonly TensorInfo[];
  readonly backend: CpuBackend;
  readonly attrs: FusedAttentionAttrs;
}

/** {@link FusedAttention} by the oracle. */
export function forward({ inputs, backend, attrs }: OracleKernelCall): TensorInfo[] {
  const input = oracleInput(inputs, backend, attrs);
  const { batch, heads, queryLength, keyLength, valueDim } = input;
  const { output, logSumExp, weights } = attentionOracle(input);
  const make = (shape: number[], numbers: Float64Array) => backend.makeTensorInfo(shape, "float32", Float32Array.from(numbers));
  return [
    make([batch, heads, queryLength, valueDim], output),
    make([batch, heads, queryLength], logSumExp),
    ...(attrs.needWeights ? [make([batch, heads, queryLength, keyLength], weights)] : []),
  ];
}

/** {@link FusedAttentionGrad} by the oracle. */
export function backward({ inputs, backend, attrs }: OracleKernelCall): TensorInfo[] {
  const outputs = attrs.needWeights ? 3 : 2;
  const given = inputs.slice(0, -2 * outputs);
  const [output, logSumExp, weights] = inputs.slice(-outputs).map((each) => values(backend, each)) as [
    Float32Array,
    Float32Array,
    Float32Array?,
  ];
  const gradients = attentionGradientOracle(oracleInput(given, backend, attrs), { output, logSumExp, weights });
  const [query, key] = given as [TensorInfo, TensorInfo];
  const names = ["query", "key", "value", ...(attrs.hasBias ? ["bias"] : []), ...(attrs.hasSink ? ["sink"] : [])] as const;
  return given.map(({ shape }, index) => {
    const computed = gradients[names[index] as keyof typeof gradients];
    return backend.makeTensorInfo(
      shape,
      "float32",
      Float32Array.from(names[index] === "bias" ? summedTo(computed, query, key, shape) : computed),
    );
  });
}

/** tfjs hands the inputs of the call, then its outputs. */
function gradient(gradients: Tensor[], saved: Tensor[], attrs: FusedAttentionAttrs): (() => Tensor)[] {
  return runKernel(FusedAttentionGrad, [...saved, ...gradients], attrs).map((result) => () => result);
}

function oracleInput(inputs: readonly TensorInfo[], backend: CpuBackend, attrs: FusedAttentionAttrs): OracleInput {
  const [query, key, value] = inputs as [TensorInfo, TensorInfo, TensorInfo];
  const bias = attrs.hasBias ? inputs[3]! : undefined;
  const sink = attrs.hasSink ? inputs.at(-1)! : undefined;
  const [batch, heads, queryLength, headDim] = query.shape as [number, number, number, number];
  const [, kvHeads, keyRoom, valueDim] = value.shape as [number, number, number, number];
  const [keyStart, keyEnd] = attrs.keyRows ?? [0, keyRoom];
  const keyLength = keyEnd - keyStart;
  const { mask, dropoutRate: rate, dropoutSeed: seed, queryOffset, keyOffset } = attrs;
  const factors = rate > 0 ? dropoutFactors([batch, heads, queryLength, keyLength], { rate, seed, queryOffset, keyOffset }) : undefined;
  const dropout = factors?.dataSync();
  factors?.dispose();
  const biases = bias && values(backend, bias);
  return {
    batch,
    heads,
    kvHeads,
    queryLength,
    keyLength,
    headDim,
    valueDim,
    query: values(backend, query),
    key: rowsOf(values(backend, key), key.shape, keyStart, keyEnd),
    value: rowsOf(values(backend, value), value.shape, keyStart, keyEnd),
    scale: attrs.scale,
    ...(attrs.softcap > 0 && { softcap: attrs.softcap }),
    ...(mask && { allowed: openCells(mask, queryLength, keyLength) }),
    ...(biases && { bias: (b, h, q, k) => biases[broadcastIndex(bias!.shape, [b, h, q, k])]! }),
    ...(sink && { sink: values(backend, sink) }),
    ...(dropout && { dropoutFactors: dropout }),
  };
}

/** The rows start .. end - 1 of each head of `[batch, kvHeads, room, dim]`. */
function rowsOf(all: Float32Array, [batch, kvHeads, room, dim]: readonly number[], start: number, end: number): Float32Array {
  const heads = Array.from({ length: batch! * kvHeads! }, (_, head) => head * room!);
  return Float32Array.from(heads.flatMap((first) => Array.from(all.subarray((first + start) * dim!, (first + end) * dim!))));
}

function openCells(
  { batch, heads, blocks, bits }: FusedAttentionMask,
  queryLength: number,
  keyLength: number,
): NonNullable<OracleInput["allowed"]> {
  const [rows, columns] = [Math.ceil(queryLength / maskBlockLength), Math.ceil(keyLength / maskBlockLength)];
  return (b, h, q, k) => {
    const map = (batch === 1 ? 0 : b) * heads + (heads === 1 ? 0 : h);
    const code = blocks[(map * rows + Math.floor(q / maskBlockLength)) * columns + Math.floor(k / maskBlockLength)]!;
    if (code < 0) return code === maskBlockCodes.full;
    const bit = (code * maskBlockLength + (k % maskBlockLength)) * maskBlockLength + (q % maskBlockLength);
    return ((bits[bit >> 3]! >> (bit & 7)) & 1) === 1;
  };
}

function summedTo(gradients: Float64Array, query: TensorInfo, key: TensorInfo, shape: readonly number[]): Float64Array {
  const [batch, heads, queryLength] = query.shape as [number, number, number];
  const keyLength = key.shape[2]!;
  const total = new Float64Array(shape.reduce((product, size) => product * size, 1));
  gradients.forEach((each, cell) => {
    const position = [
      Math.floor(cell / (heads * queryLength * keyLength)) % batch,
      Math.floor(cell / (queryLength * keyLength)) % heads,
      Math.floor(cell / keyLength) % queryLength,
      cell % keyLength,
    ];
    total[broadcastIndex(shape, position)]! += each;
  });
  return total;
}

function broadcastIndex(shape: readonly number[], position: readonly number[]): number {
  return shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : position[axis]!), 0);
}

function values(backend: CpuBackend, { dataId }: TensorInfo): Float32Array {
  return backend.data.get(dataId).values;
}
