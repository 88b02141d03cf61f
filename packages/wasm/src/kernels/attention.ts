import type { TensorInfo } from "@tensorflow/tfjs-core";
import { FusedAttention, type FusedAttentionAttrs } from "@tfblocks/tensor-utils";
import { floatBits, type Runtime } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";
import { blockLength, packMask, type PackedMask } from "./attention-mask.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { holdsNonFinite } from "./holds-non-finite.js";

/** The inputs of an attention kernel by name. */
export interface AttentionInputs {
  readonly query: TensorInfo;
  readonly key: TensorInfo;
  readonly value: TensorInfo;
  readonly bias: TensorInfo | undefined;
  readonly sink: TensorInfo | undefined;
}

/** softmax(mask(cap(scale · Q Kᵀ + bias))) V in blocks: its memory does not grow with queryLength × keyLength. */
export const fusedAttention: FastKernel = {
  kernelName: FusedAttention,
  run({ runtime, inputs, attrs }: KernelCall<FusedAttentionAttrs>) {
    const given = nameInputs(inputs as unknown as readonly TensorInfo[], attrs);
    const [batch, heads, queryLength] = given.query.shape as [number, number, number, number];
    const output = runtime.output([batch, heads, queryLength, given.value.shape[3]!]);
    const logSumExp = runtime.output([batch, heads, queryLength]);
    const outputs = { output, logSumExp };
    if (takesOneQuery(given, attrs)) {
      withArguments(runtime, given, attrs, outputs, 4 * Math.ceil(given.key.shape[2]! / 4) * 4, (args) =>
        runtime.run("attentionOneQuery", args, batch * heads, workOf(given)),
      );
    } else {
      withArguments(runtime, given, attrs, outputs, forwardBytes(given), (args) => runForward(runtime, given, args));
    }
    return [output, logSumExp];
  },
};

/** Multiply-adds of both products, masked cells included. */
export function workOf({ query, value }: AttentionInputs): number {
  const [keyLength, valueDim] = value.shape.slice(2) as [number, number];
  return (sizeOf(query.shape) * keyLength * (query.shape[3]! + valueDim)) / query.shape[3]!;
}

/** Packs the keys once, then goes through the blocks of queries. */
function runForward(runtime: Runtime, given: AttentionInputs, args: readonly number[]): void {
  const [batch, heads, queryLength] = given.query.shape as [number, number, number];
  const [, kvHeads, keyLength, headDim] = given.key.shape as [number, number, number, number];
  const keyBlocks = batch * kvHeads * Math.ceil(keyLength / blockLength);
  runtime.scratch(keyBlocks * blockLength * headDim * 4, (packedKeys) => {
    runtime.run("attentionPackKeys", [...args, packedKeys], keyBlocks, sizeOf(given.key.shape));
    runtime.run("attentionForward", [...args, packedKeys], batch * heads * Math.ceil(queryLength / blockLength), workOf(given));
  });
}

/** One query fills one lane of eight in the blocks; it has a kernel of its own, for what decoding needs. */
function takesOneQuery({ query, bias }: AttentionInputs, { dropoutRate }: FusedAttentionAttrs): boolean {
  return query.shape[2] === 1 && bias === undefined && dropoutRate === 0;
}

export function nameInputs(inputs: readonly TensorInfo[], { hasBias, hasSink }: FusedAttentionAttrs): AttentionInputs {
  const [query, key, value, fourth, fifth] = inputs as [TensorInfo, TensorInfo, TensorInfo, TensorInfo?, TensorInfo?];
  return { query, key, value, bias: hasBias ? fourth : undefined, sink: hasSink ? (hasBias ? fifth : fourth) : undefined };
}

/** Scratch of one thread; the layout is that of assembly/kernels/attention-forward.ts. */
function forwardBytes({ query, value }: AttentionInputs): number {
  const [headDim, width] = [query.shape[3]!, Math.ceil(value.shape[3]! / 4) * 4];
  return 128 + 4 * (blockLength * (headDim + 2 * width) + blockLength * 8 + 2 * blockLength);
}

/**
 * Calls a body with the words of `AttentionArguments`, up to the scratch.
 *
 * @param poisons tensors beside the value whose NaN a mask must contain; in scores it is replaced where forbidden
 */
export function withArguments(
  runtime: Runtime,
  inputs: AttentionInputs,
  attrs: FusedAttentionAttrs,
  outputs: { readonly output: TensorInfo; readonly logSumExp: TensorInfo },
  scratchBytes: number,
  body: (args: number[]) => void,
  poisons: readonly TensorInfo[] = [],
): void {
  const { query, key, value, bias, sink } = inputs;
  const [, heads, queryLength, headDim] = query.shape as [number, number, number, number];
  const [, kvHeads, keyLength, valueDim] = value.shape as [number, number, number, number];
  const hardened = attrs.mask !== undefined && [value, ...poisons].some((each) => holdsNonFinite(runtime, each));
  withMask(runtime, attrs, queryLength, keyLength, (mask) =>
    runtime.scratch(scratchBytes * runtime.threads, (scratch) => {
      const address = (tensor: TensorInfo | undefined) => (tensor === undefined ? 0 : runtime.address(tensor));
      body([
        ...[query, key, value, bias, sink, outputs.output, outputs.logSumExp].map(address),
        heads,
        kvHeads,
        queryLength,
        keyLength,
        headDim,
        valueDim,
        floatBits(attrs.scale),
        floatBits(attrs.softcap),
        ...broadcastStrides(bias),
        ...mask,
        Number(hardened),
        ...dropoutWords(attrs),
        scratch,
        scratchBytes,
      ]);
    }),
  );
}

/** Elements from one batch element, head, query and key to the next; 0 where a dimension is broadcast. */
function broadcastStrides(tensor: TensorInfo | undefined): number[] {
  const shape = tensor?.shape ?? [1, 1, 1, 1];
  return shape.map((size, axis) => (size === 1 ? 0 : shape.slice(axis + 1).reduce((product, each) => product * each, 1)));
}

/** blocks, bits, and the blocks from one batch element and head of the mask to the next. */
function withMask(
  runtime: Runtime,
  { mask }: FusedAttentionAttrs,
  queryLength: number,
  keyLength: number,
  body: (words: readonly number[]) => void,
): void {
  if (mask === undefined) return body([0, 0, 0, 0]);
  const packed = packMask(mask, queryLength, keyLength);
  runtime.upload(packed.blocks, (blocks) => runtime.upload(packed.bits, (bits) => body([blocks, bits, ...maskStrides(packed)])));
}

function maskStrides({ batch, heads, blocks }: PackedMask): [number, number] {
  const map = blocks.length / (batch * heads);
  return [batch === 1 ? 0 : heads * map, heads === 1 ? 0 : map];
}

function dropoutWords({ dropoutRate, dropoutSeed, queryOffset, keyOffset }: FusedAttentionAttrs): number[] {
  const threshold = Math.ceil(dropoutRate * 2 ** 32);
  return [
    threshold >>> 0,
    Math.floor(threshold / 2 ** 32),
    floatBits(1 / (1 - dropoutRate)),
    dropoutSeed,
    queryOffset >>> 0,
    keyOffset >>> 0,
  ];
}
