import { reshape, type Tensor } from "@tensorflow/tfjs-core";
import { mergeHeads, type MultiHeadAttention, scaledDotProductAttention } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import { scope } from "@tfblocks/tensor-utils";
import { type Matrices, type Matrix, type Nested, readFirst } from "./numbers.js";

/** One step of multi-head attention: its formula and the shape of its result. */
export interface TraceStep {
  readonly name: string;
  readonly formula: string;
  readonly shape: readonly number[];
}

/** Every stage of one attention call on one sequence, as plain numbers. */
export interface AttentionTrace {
  /** Whether queries and keys come from the same text. */
  readonly isSelf: boolean;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  readonly dModel: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Factor of the scores, 1 / sqrt(headDim). */
  readonly scale: number;
  readonly steps: readonly TraceStep[];
  /** `[query][dModel]`: the input vectors. */
  readonly embedding: Matrix;
  /** `[heads][query][headDim]`: what each token looks for. */
  readonly query: Matrices;
  /** `[heads][key][headDim]`: what each token represents. */
  readonly key: Matrices;
  /** `[heads][key][headDim]`: what each token carries. */
  readonly value: Matrices;
  /** `[heads][query][key]`: scaled dot products, before the mask. */
  readonly scores: Matrices;
  /** `[heads][query][key]`: rows that sum to 1. */
  readonly weights: Matrices;
  /** `[heads][query][headDim]`: the weighted values. */
  readonly context: Matrices;
  /** `[query][dModel]`: the concatenated contexts of all heads. */
  readonly merged: Matrix;
  /** `[query][dModel]` */
  readonly output: Matrix;
  /** `[query][dModel]`: the output of one call of the block, for comparison. */
  readonly outputOfOneCall: Matrix;
  /** `[query][key]`, true = may attend. */
  readonly allowed: readonly (readonly boolean[])[];
}

/** A sequence: its tokens and their vectors `[1, tokens, dModel]`, borrowed. */
export interface Sequence {
  readonly tokens: readonly string[];
  readonly vectors: Tensor;
}

/** Attention from one sequence to another or to itself, computed step by step and also in one call. */
export async function traceAttention(attention: MultiHeadAttention, from: Sequence, to: Sequence, mask?: Mask): Promise<AttentionTrace> {
  const { numHeads } = attention;
  const tensors = scope(() => stagesOf(attention, from.vectors, to.vectors, mask));
  const steps = stepsOf(tensors, numHeads);
  const numbers = (await readFirst(tensors)) as Record<keyof typeof tensors, Nested & Matrix & Matrices>;
  const allowed = from.tokens.map((_from, query) => to.tokens.map((_to, key) => mask?.at(0, 0, query, key) ?? true));
  return {
    isSelf: from === to,
    queryTokens: from.tokens,
    keyTokens: to.tokens,
    dModel: from.vectors.shape[2]!,
    numHeads,
    ...scaleOf(tensors.query, attention),
    steps,
    ...numbers,
    allowed,
  };
}

/** The width of a head, and the factor of the scores: that of the attention or, by default, 1 / sqrt(headDim). */
function scaleOf({ shape }: Tensor, { scale }: MultiHeadAttention): Pick<AttentionTrace, "headDim" | "scale"> {
  const headDim = shape[3]!;
  return { headDim, scale: scale ?? 1 / Math.sqrt(headDim) };
}

function stagesOf(attention: MultiHeadAttention, from: Tensor, to: Tensor, mask: Mask | undefined) {
  const query = attention.projectQuery(from);
  const { key, value } = attention.project(to, to);
  const { scale } = scaleOf(query, attention);
  const attended = scaledDotProductAttention(query, key, value, { mask, scale, needWeights: true, taps: { stages: ["scaled"] } });
  const { output: context, weights, taps } = attended;
  const merged = mergeHeads(context);
  return {
    embedding: reshape(from, from.shape),
    query,
    key,
    value,
    scores: taps!.scaled!,
    weights: weights!,
    context,
    merged,
    output: attention.output.apply(merged),
    outputOfOneCall: attention.apply(from, to, to, { mask, needWeights: false }).output as Tensor,
  };
}

function stepsOf(tensors: ReturnType<typeof stagesOf>, numHeads: number): TraceStep[] {
  const { embedding, query, key, value, scores, weights, context, merged, output } = tensors;
  const unsplit = (x: Tensor): number[] => [x.shape[0]!, x.shape[2]!, x.shape[1]! * x.shape[3]!];
  return [
    { name: "embedding", formula: "x = word vector + position", shape: embedding.shape },
    { name: "query projection", formula: "Q = x W_Q + b_Q", shape: unsplit(query) },
    { name: "key, value projection", formula: "K = x W_K + b_K, V = x W_V + b_V", shape: unsplit(key) },
    { name: "split Q into heads", formula: `${numHeads} × headDim = dModel`, shape: query.shape },
    { name: "split K, V into heads", formula: "the same for K and V", shape: value.shape },
    { name: "scores", formula: "Q Kᵀ / sqrt(headDim)", shape: scores.shape },
    { name: "weights", formula: "softmax(scores) by row", shape: weights.shape },
    { name: "context", formula: "weights V", shape: context.shape },
    { name: "merge heads", formula: "concat(contexts)", shape: merged.shape },
    { name: "output", formula: "merged W_O + b_O", shape: output.shape },
  ];
}
