import type { MultiHeadAttention } from "@tfblocks/attention";
import {
  type Block,
  checkInteger,
  checkOptions,
  checkTensor,
  type Composite,
  type OptionNames,
  type Projection,
  refuse,
  ShapeError,
} from "@tfblocks/tensor-utils";
import { checkAttention } from "../models/attentions.js";
import { type AttentionPlace, isCross } from "../models/attention-places.js";
import type { FactoredMatrix } from "./factored-matrix.js";
import { type FoldedNorm, foldNorm, normBefore, readNorm } from "./fold-norm.js";
import { type Matrix, matrix, transpose } from "./matrix.js";

/** What a head computes beside its four matrices. */
export type IgnoredTerm = "bias" | "norm bias" | "rotary" | "query norm" | "key norm" | "projection norm" | "learned key";

/** The four matrices of a head, for row vectors: q = x W_Q. */
export interface HeadWeights {
  readonly head: number;
  /** The key-value head, which several heads share if numKvHeads < numHeads. */
  readonly kvHead: number;
  /** W_Q `[dModel, headDim]`. */
  readonly query: Matrix;
  /** W_K `[keyInputDim, headDim]`. */
  readonly key: Matrix;
  /** W_V `[valueInputDim, valueDim]`. */
  readonly value: Matrix;
  /** W_O `[valueDim, dModel]`: the rows of the output projection that read this head. */
  readonly output: Matrix;
  /** What the attention also has, and these matrices leave out. */
  readonly ignored: readonly IgnoredTerm[];
}

/** Options of {@link headWeights}. */
export interface HeadWeightsOptions {
  /** The LayerNorm or RMSNorm whose output the attention reads: its gain is multiplied into W_Q, W_K and W_V; default none. */
  readonly foldNorm?: Block | undefined;
}

const optionNames: OptionNames<HeadWeightsOptions> = { foldNorm: true };

/**
 * The weights of one head as plain float64 arrays, for row vectors: scores are (x W_Q)(y W_K)ᵀ · scale, and the head adds
 * A (y W_V) W_O to the stream. With `foldNorm`, x and y are the stream divided by its deviation: W becomes diag(gain) W, and for a
 * LayerNorm (I − 11ᵀ / dModel) diag(gain) W.
 *
 * Left out, and listed in `ignored` where present: biases, the bias of the norm, rotary embeddings, QK-norms, norms in a projection
 * and a learned key. The scale, softcap and sink of the scores are no weights of a head. Edits of a model are not seen, because
 * they change values and not weights.
 *
 * Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits".
 *
 * @throws ValueError when `attention` is not a `MultiHeadAttention`, the head does not exist, the norm is of another class, or an option is unknown
 * @throws ShapeError when a projection has no `weight` `[outFeatures, inFeatures]`
 */
export async function headWeights(attention: MultiHeadAttention, head: number, options: HeadWeightsOptions = {}): Promise<HeadWeights> {
  const { foldNorm: block } = checkOptions("headWeights", options, optionNames);
  checkAttention("headWeights", attention);
  checkInteger("headWeights", "head", head, 0, attention.numHeads - 1);
  const norm = block && (await readNorm("headWeights", block));
  return headOf(await readAttentionWeights("headWeights", attention), head, { query: norm, source: norm });
}

/** W_Q W_Kᵀ `[dModel, keyInputDim]` as its factors: x W_Q W_Kᵀ yᵀ is the score before scaling. */
export function qkCircuit({ query, key }: HeadWeights): FactoredMatrix {
  return { left: query, right: transpose(key) };
}

/** W_V W_O `[valueInputDim, dModel]` as its factors: what the head adds to the stream when it attends to y is y W_V W_O. */
export function ovCircuit({ value, output }: HeadWeights): FactoredMatrix {
  return { left: value, right: output };
}

/** The weights of every head of an attention of a model. @param isFolded whether to fold the norm before it */
export async function headsAt(
  operation: string,
  model: Composite,
  { name, attention }: AttentionPlace,
  isFolded: boolean,
): Promise<readonly HeadWeights[]> {
  const block = isFolded ? normBefore(operation, model, name) : undefined;
  const query = block && (await readNorm(operation, block));
  return headMatrices(operation, attention, { query, source: isCross(name) ? undefined : query });
}

/** The weights of every head of an attention. */
export async function headMatrices(
  operation: string,
  attention: MultiHeadAttention,
  norms: ReadNorms = {},
): Promise<readonly HeadWeights[]> {
  const weights = await readAttentionWeights(operation, attention);
  return Array.from({ length: attention.numHeads }, (_, head) => headOf(weights, head, norms));
}

/** The norms that an attention reads its queries, and its keys and values, through. */
interface ReadNorms {
  readonly query?: FoldedNorm | undefined;
  readonly source?: FoldedNorm | undefined;
}

/** The weight of a projection, `[outFeatures, inFeatures]`. */
interface ProjectionWeight {
  readonly data: ArrayLike<number>;
  readonly outFeatures: number;
  readonly inFeatures: number;
}

interface AttentionWeights extends Record<"query" | "key" | "value" | "output", ProjectionWeight> {
  readonly attention: MultiHeadAttention;
}

async function readAttentionWeights(operation: string, attention: MultiHeadAttention): Promise<AttentionWeights> {
  const read = (name: "query" | "key" | "value" | "output") => readProjection(operation, name, attention[name]);
  const [query, key, value, output] = await Promise.all([read("query"), read("key"), read("value"), read("output")]);
  return { attention, query, key, value, output };
}

async function readProjection(operation: string, name: string, projection: Projection): Promise<ProjectionWeight> {
  const weight = projection.parameters()["weight"];
  const { inFeatures = weight?.shape[1], outFeatures = weight?.shape[0] } = projection;
  if (weight?.rank !== 2 || weight.shape[0] !== outFeatures || weight.shape[1] !== inFeatures) {
    const received = weight === undefined ? "no weight" : `a weight [${weight.shape.join(", ")}]`;
    refuse(ShapeError, operation, `the ${name} projection`, "a block with a weight [outFeatures, inFeatures]", received);
  }
  checkTensor(operation, `the ${name} weight`, weight);
  return { data: await weight.data(), outFeatures: weight.shape[0]!, inFeatures: weight.shape[1]! };
}

function headOf(weights: AttentionWeights, head: number, norms: ReadNorms): HeadWeights {
  const { attention, output } = weights;
  const { numHeads, numKvHeads } = attention;
  const kvHead = Math.floor((head * numKvHeads) / numHeads);
  const [valueDim, kept] = [output.inFeatures / numHeads, ignoredTerms(attention, norms.query)];
  return {
    head,
    kvHead,
    query: folded(slicedRows(weights.query, head, numHeads), norms.query),
    key: folded(slicedRows(weights.key, kvHead, numKvHeads), norms.source),
    value: folded(slicedRows(weights.value, kvHead, numKvHeads), norms.source),
    output: matrix(valueDim, output.outFeatures, (row, column) => output.data[column * output.inFeatures + head * valueDim + row]!),
    ignored: kept,
  };
}

/** The transposed rows of one head: `[inFeatures, outFeatures / heads]`. */
function slicedRows({ data, inFeatures, outFeatures }: ProjectionWeight, head: number, heads: number): Matrix {
  const width = outFeatures / heads;
  return matrix(inFeatures, width, (row, column) => data[(head * width + column) * inFeatures + row]!);
}

function folded(weights: Matrix, norm: FoldedNorm | undefined): Matrix {
  return norm === undefined ? weights : foldNorm(weights, norm);
}

function ignoredTerms(attention: MultiHeadAttention, norm: FoldedNorm | undefined): readonly IgnoredTerm[] {
  const { query, key, value, output, queryNorm, keyNorm, rotary, biasKey } = attention;
  const names = [query, key, value, output].flatMap((projection) => Object.keys(projection.parameters()));
  const terms: Record<IgnoredTerm, boolean> = {
    bias: names.includes("bias"),
    "norm bias": norm?.hasBias === true,
    rotary: rotary !== undefined,
    "query norm": queryNorm !== undefined,
    "key norm": keyNorm !== undefined,
    "projection norm": names.some((name) => name.startsWith("norm.")),
    "learned key": biasKey !== undefined,
  };
  return (Object.keys(terms) as IgnoredTerm[]).filter((term) => terms[term]);
}
