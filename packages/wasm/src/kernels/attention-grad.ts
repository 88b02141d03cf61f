import { getKernel, Sum, type TensorInfo } from "@tensorflow/tfjs-core";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { type FusedAttentionAttrs, FusedAttentionGrad } from "@tfblocks/tensor-utils/kernels";
import type { Runtime } from "../runtime/runtime.js";
import { type AttentionInputs, nameInputs, withArguments, workOf } from "./attention.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** The gradients of attention; weights are recomputed block by block. */
export const fusedAttentionGrad: FastKernel = {
  kernelName: FusedAttentionGrad,
  run({ runtime, inputs: given, attrs }: KernelCall<FusedAttentionAttrs>) {
    refuseRoom(attrs);
    const { inputs, outputs, gradients: upstream } = splitInputs(Object.values(given), attrs);
    const [batch, heads, queryLength, headDim] = inputs.query.shape as [number, number, number, number];
    const gradients = makeGradients(runtime, inputs);
    const scratchBytes = runtime.scratchSizes.backwardBytes(queryLength, headDim, inputs.value.shape[3]!);
    const mayPoison = [inputs.query, inputs.key, upstream.output, ...(upstream.weights ? [upstream.weights] : [])];
    withArguments(
      runtime,
      { inputs, attrs, ...outputs, scratchBytes, mayPoison },
      (args) => runtime.run("attentionBackward", args, batch * heads, 2.5 * workOf(inputs, inputs.key.shape[2]!)),
      {
        gradOutput: runtime.address(upstream.output),
        gradLogSumExp: runtime.address(upstream.logSumExp),
        gradWeights: runtime.addressOf(upstream.weights),
        gradQuery: runtime.address(gradients.query),
        gradKey: runtime.address(gradients.key),
        gradValue: runtime.address(gradients.value),
        gradBias: runtime.addressOf(gradients.bias),
        gradSink: runtime.addressOf(gradients.sink),
      },
    );
    return summed(runtime, inputs, gradients);
  },
};

/** @throws ValueError when only some rows of the keys count */
function refuseRoom({ keyRows }: FusedAttentionAttrs): void {
  if (keyRows === undefined) return;
  refuse(ValueError, FusedAttentionGrad, "keyRows", "absent, because gradients have no room", keyRows.join());
}

/** The outputs of fused attention, or their gradients. */
interface Outputs {
  readonly output: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly weights: TensorInfo | undefined;
}

/** The inputs of fused attention, its outputs and their gradients. */
function splitInputs(
  all: readonly TensorInfo[],
  attrs: FusedAttentionAttrs,
): { inputs: AttentionInputs; outputs: Outputs; gradients: Outputs } {
  const count = attrs.needWeights ? 3 : 2;
  return {
    inputs: nameInputs(all.slice(0, -2 * count), attrs),
    outputs: nameOutputs(all.slice(-2 * count, -count)),
    gradients: nameOutputs(all.slice(-count)),
  };
}

function nameOutputs(outputs: readonly TensorInfo[]): Outputs {
  const [output, logSumExp, weights] = outputs as [TensorInfo, TensorInfo, TensorInfo?];
  return { output, logSumExp, weights };
}

interface Gradients {
  readonly query: TensorInfo;
  /** One for each query head. */
  readonly key: TensorInfo;
  readonly value: TensorInfo;
  /** `[batch, heads, queryLength, keyLength]`. */
  readonly bias: TensorInfo | undefined;
  /** `[batch, heads]`. */
  readonly sink: TensorInfo | undefined;
}

function makeGradients(runtime: Runtime, { query, key, value, bias, sink }: AttentionInputs): Gradients {
  const [batch, heads, queryLength] = query.shape as [number, number, number, number];
  const keyLength = key.shape[2]!;
  const made = {
    query: runtime.output(query.shape),
    key: runtime.output([batch, heads, keyLength, key.shape[3]!]),
    value: runtime.output([batch, heads, keyLength, value.shape[3]!]),
    bias: bias && runtime.output([batch, heads, queryLength, keyLength]),
    sink: sink && runtime.output([batch, heads]),
  };
  if (made.bias) runtime.clear(runtime.address(made.bias), batch * heads * queryLength * keyLength * 4); // empty blocks are not written
  return made;
}

/** Sums the gradients to the shapes of the inputs. */
function summed(runtime: Runtime, { query, key, value, bias, sink }: AttentionInputs, gradients: Gradients): TensorInfo[] {
  const groups = query.shape[1]! / key.shape[1]!;
  return [
    gradients.query,
    sumGroups(runtime, gradients.key, key.shape, groups),
    sumGroups(runtime, gradients.value, value.shape, groups),
    ...(bias && gradients.bias ? [sumTo(runtime, gradients.bias, bias.shape)] : []),
    ...(sink && gradients.sink ? [sumTo(runtime, gradients.sink, [1, ...sink.shape], sink.shape)] : []),
  ];
}

/** Sums over the query heads that share a key-value head. */
function sumGroups(runtime: Runtime, x: TensorInfo, shape: readonly number[], groups: number): TensorInfo {
  if (groups === 1) return x;
  const [batch, kvHeads, length, dim] = shape as [number, number, number, number];
  const sums = runtime.output(shape);
  runtime.run("sumGroups", { x: runtime.address(x), sums: runtime.address(sums), groups, inner: length * dim }, batch * kvHeads);
  runtime.release(x);
  return sums;
}

/** Sums over the dimensions that were broadcast. */
function sumTo(runtime: Runtime, x: TensorInfo, shape: readonly number[], finalShape = shape): TensorInfo {
  const axes = x.shape.flatMap((size, axis) => (shape[axis] === 1 && size !== 1 ? [axis] : []));
  if (axes.length === 0) return { ...x, shape: [...finalShape] };
  const { kernelFunc } = getKernel(Sum, "wasm");
  const sum = kernelFunc({ inputs: { x }, attrs: { axis: axes, keepDims: true }, backend: runtime.backend }) as TensorInfo;
  runtime.release(x);
  return { ...sum, shape: [...finalShape] };
}
