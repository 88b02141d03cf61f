import type { TensorInfo } from "@tensorflow/tfjs-core";
import { FusedAttention, type FusedAttentionAttrs, type FusedAttentionMask, maskBlockLength } from "@tfblocks/tensor-utils/kernels";
import type { AttentionArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";
import { demandWhole } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { withNonFinite } from "./non-finite.js";

/** The inputs of an attention kernel by name. */
export interface AttentionInputs {
  readonly query: TensorInfo;
  readonly key: TensorInfo;
  readonly value: TensorInfo;
  readonly bias: TensorInfo | undefined;
  readonly sink: TensorInfo | undefined;
}

/** What the forward and the backward pass have in common. */
export interface AttentionCall {
  readonly inputs: AttentionInputs;
  readonly attrs: FusedAttentionAttrs;
  readonly output: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly weights: TensorInfo | undefined;
  /** Scratch memory that each thread needs. */
  readonly scratchBytes: number;
  /** Tensors, besides the value, whose NaN must not spread through forbidden cells. */
  readonly mayPoison: readonly TensorInfo[];
}

/** softmax(mask(cap(scale · Q Kᵀ + bias))) V in blocks, so that memory does not grow with queryLength × keyLength unless weights are asked for. */
export const fusedAttention: FastKernel = {
  kernelName: FusedAttention,
  run({ runtime, inputs: given, attrs }: KernelCall<FusedAttentionAttrs>) {
    const inputs = nameInputs(Object.values(given), attrs);
    const [batch, heads, queryLength, headDim] = inputs.query.shape as [number, number, number, number];
    const valueDim = inputs.value.shape[3]!;
    const { keyLength } = keyRowsOf(inputs, attrs);
    const output = runtime.output([batch, heads, queryLength, valueDim]);
    const logSumExp = runtime.output([batch, heads, queryLength]);
    const weights = attrs.needWeights ? runtime.output([batch, heads, queryLength, keyLength]) : undefined;
    const call = { inputs, attrs, output, logSumExp, weights, mayPoison: [] };
    if (takesOneQuery(inputs, attrs)) {
      withArguments(runtime, { ...call, scratchBytes: runtime.scratchSizes.oneQueryBytes(keyLength, headDim) }, (args) =>
        runtime.run("attentionOneQuery", args, batch * heads, workOf(inputs, keyLength)),
      );
    } else {
      runForward(runtime, { ...call, scratchBytes: runtime.scratchSizes.forwardBytes(headDim, valueDim) });
    }
    return [output, logSumExp, ...(weights ? [weights] : [])];
  },
};

/** Multiply-adds of both products, masked cells included. */
export function workOf({ query, value }: AttentionInputs, keyLength: number): number {
  return (sizeOf(query.shape) * keyLength * (query.shape[3]! + value.shape[3]!)) / query.shape[3]!;
}

/** Which rows of key and value are read. @throws ValueError when they are not among them */
function keyRowsOf({ key }: AttentionInputs, { keyRows }: FusedAttentionAttrs): { keyStart: number; keyLength: number; keyRoom: number } {
  const keyRoom = key.shape[2]!;
  if (keyRows === undefined) return { keyStart: 0, keyLength: keyRoom, keyRoom };
  const keyStart = demandWhole(FusedAttention, "keyRows[0]", keyRows[0], 0, keyRoom - 1);
  return { keyStart, keyLength: demandWhole(FusedAttention, "keyRows[1]", keyRows[1], keyStart + 1, keyRoom) - keyStart, keyRoom };
}

/** Packs the keys once, then attends with each block of queries. */
function runForward(runtime: Runtime, call: AttentionCall): void {
  const { query, key } = call.inputs;
  const [batch, heads, queryLength] = query.shape as [number, number, number];
  const [, kvHeads, , headDim] = key.shape as [number, number, number, number];
  const { keyLength } = keyRowsOf(call.inputs, call.attrs);
  const keyBlocks = batch * kvHeads * Math.ceil(keyLength / maskBlockLength);
  const queryBlocks = batch * heads * Math.ceil(queryLength / maskBlockLength);
  runtime.scratch(batch * kvHeads * runtime.scratchSizes.packedKeysBytes(keyLength, headDim), (packedKeys) =>
    withArguments(
      runtime,
      call,
      (args) => {
        runtime.run("attentionPackKeys", args, keyBlocks, batch * kvHeads * keyLength * headDim);
        runtime.run("attentionForward", args, queryBlocks, workOf(call.inputs, keyLength));
      },
      { packedKeys },
    ),
  );
}

/** A single query would fill one lane of eight; it has a kernel of its own, which supports what decoding needs. */
function takesOneQuery({ query }: AttentionInputs, { dropoutRate }: FusedAttentionAttrs): boolean {
  return query.shape[2] === 1 && dropoutRate === 0;
}

export function nameInputs(inputs: readonly TensorInfo[], { hasBias, hasSink }: FusedAttentionAttrs): AttentionInputs {
  const [query, key, value, fourth, fifth] = inputs as [TensorInfo, TensorInfo, TensorInfo, TensorInfo?, TensorInfo?];
  return { query, key, value, bias: hasBias ? fourth : undefined, sink: hasSink ? (hasBias ? fifth : fourth) : undefined };
}

/** Arguments that only some of the kernels read; 0 where they are left out. */
type OwnArguments = Partial<
  Pick<
    AttentionArguments,
    "packedKeys" | "gradOutput" | "gradLogSumExp" | "gradWeights" | "gradQuery" | "gradKey" | "gradValue" | "gradBias" | "gradSink"
  >
>;

/** Calls a function with the arguments of an attention kernel, which are valid until it returns. */
export function withArguments(
  runtime: Runtime,
  call: AttentionCall,
  body: (args: AttentionArguments) => void,
  own: OwnArguments = {},
): void {
  const { inputs, attrs, scratchBytes, mayPoison } = call;
  const run = (nonFinite: number) =>
    withMask(runtime, attrs.mask, (mask) =>
      runtime.scratch(scratchBytes * runtime.threads, (scratch) => body(makeArguments(runtime, call, { mask, nonFinite, scratch, own }))),
    );
  if (attrs.mask === undefined) run(0);
  else withNonFinite(runtime, [inputs.value, ...mayPoison], run);
}

interface Prepared {
  readonly mask: MaskArguments;
  readonly nonFinite: number;
  readonly scratch: number;
  readonly own: OwnArguments;
}

/** One object literal: V8 is slow to spread several objects into one. */
function makeArguments(runtime: Runtime, call: AttentionCall, { mask, nonFinite, scratch, own }: Prepared): AttentionArguments {
  const { query, key, value, bias, sink } = call.inputs;
  const { attrs } = call;
  const { keyStart, keyLength, keyRoom } = keyRowsOf(call.inputs, attrs);
  const biasStrides = broadcastStrides(bias?.shape ?? [1, 1, 1, 1]);
  return {
    query: runtime.address(query),
    key: runtime.address(key) + keyStart * key.shape[3]! * 4,
    value: runtime.address(value) + keyStart * value.shape[3]! * 4,
    bias: runtime.addressOf(bias),
    sink: runtime.addressOf(sink),
    output: runtime.address(call.output),
    logSumExp: runtime.address(call.logSumExp),
    weights: runtime.addressOf(call.weights),
    heads: query.shape[1]!,
    kvHeads: key.shape[1]!,
    queryLength: query.shape[2]!,
    keyLength,
    keyRoom,
    headDim: query.shape[3]!,
    valueDim: value.shape[3]!,
    scale: attrs.scale,
    softcap: attrs.softcap,
    biasBatch: biasStrides[0]!,
    biasHead: biasStrides[1]!,
    biasQuery: biasStrides[2]!,
    biasKey: biasStrides[3]!,
    blocks: mask.blocks,
    bits: mask.bits,
    maskBatch: mask.maskBatch,
    maskHead: mask.maskHead,
    nonFinite,
    dropThreshold: Math.ceil(attrs.dropoutRate * 2 ** 32),
    dropKeep: 1 / (1 - attrs.dropoutRate),
    dropSeed: attrs.dropoutSeed,
    queryOffset: attrs.queryOffset,
    keyOffset: attrs.keyOffset,
    scratch,
    scratchBytes: call.scratchBytes,
    packedKeys: own.packedKeys ?? 0,
    gradOutput: own.gradOutput ?? 0,
    gradLogSumExp: own.gradLogSumExp ?? 0,
    gradWeights: own.gradWeights ?? 0,
    gradQuery: own.gradQuery ?? 0,
    gradKey: own.gradKey ?? 0,
    gradValue: own.gradValue ?? 0,
    gradBias: own.gradBias ?? 0,
    gradSink: own.gradSink ?? 0,
  };
}

/** Elements from one position to the next along each dimension; 0 where it is broadcast. */
function broadcastStrides(shape: readonly number[]): number[] {
  return shape.map((size, axis) => (size === 1 ? 0 : sizeOf(shape.slice(axis + 1))));
}

type MaskArguments = Pick<AttentionArguments, "blocks" | "bits" | "maskBatch" | "maskHead">;

/** Calls a function with a copy of the mask on the heap. */
function withMask(runtime: Runtime, mask: FusedAttentionMask | undefined, body: (args: MaskArguments) => void): void {
  if (mask === undefined) return body({ blocks: 0, bits: 0, maskBatch: 0, maskHead: 0 });
  const { batch, heads } = mask;
  const map = mask.blocks.length / (batch * heads);
  const [maskBatch, maskHead] = [batch === 1 ? 0 : heads * map, heads === 1 ? 0 : map];
  runtime.upload(mask.blocks, (blocks) => runtime.upload(mask.bits, (bits) => body({ blocks, bits, maskBatch, maskHead })));
}
