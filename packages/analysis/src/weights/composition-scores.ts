import { checkInteger, checkOptions, type Composite, type OptionNames } from "@tfblocks/tensor-utils";
import type { HeadName } from "../models/attention-places.js";
import { checkSameHeads, type CompositionHead, type CompositionKind, readHeads } from "./composition-heads.js";
import { type Gram, normOfProduct } from "./factored-matrix.js";
import type { IgnoredTerm } from "./head-weights.js";
import { randomBaseline } from "./random-composition.js";

/** Options of {@link compositionScores}. */
export interface CompositionOptions {
  /** Only heads of layers with these indices; default all. */
  readonly layers?: readonly number[] | undefined;
  /** Whether to fold the gain of the norm before each attention into its weights, as in `headWeights`; default false. */
  readonly foldNorm?: boolean | undefined;
  /** A model of the same sizes whose scores are the baseline, for example the one before training; default random matrices. */
  readonly initial?: Composite | undefined;
  /** How many random products the baseline averages, if there is no `initial`; default 8. */
  readonly draws?: number | undefined;
  /** The seed of these; default 0. */
  readonly seed?: number | undefined;
}

const optionNames: OptionNames<CompositionOptions> = { layers: true, foldNorm: "flag", initial: true, draws: true, seed: true };

/** Scores of pairs of heads, `[from][to]`; null where the first head does not come before the second, or a matrix is 0. */
export interface CompositionTable {
  readonly scores: readonly (readonly (number | null)[])[];
  /** The score by chance. */
  readonly baseline: readonly (readonly (number | null)[])[];
  /** scores − baseline. */
  readonly excess: readonly (readonly (number | null)[])[];
}

/** What {@link compositionScores} returns. Plain JSON. */
export interface CompositionScores extends Record<CompositionKind, CompositionTable> {
  readonly metric: "composition";
  readonly version: 1;
  /** The heads in the order of the rows and columns of the tables. */
  readonly heads: readonly HeadName[];
  readonly ignored: readonly IgnoredTerm[];
}

/**
 * How much the output of an earlier head can reach the queries, keys and values of a later one, by their weights alone:
 * ‖L R‖_F / (‖L‖_F ‖R‖_F), where L = W_V W_O is of the earlier head, and R of the later one: W_Q W_Kᵀ for queries, its transpose
 * for keys, W_V W_O for values.
 *
 * From 0 to 1; random matrices have about 1 / sqrt(dModel), so compare it with the baseline. A head comes before those of later layers,
 * cross-attention after the self-attention of its layer, and the encoder before the keys and values of cross-attention.
 * Rotary embeddings, biases and QK-norms are left out (`ignored`).
 *
 * Cost: heads² · dModel · headDim² multiplications for each table, and no matrix larger than a projection.
 *
 * Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; the definition is that of TransformerLens.
 *
 * @throws ValueError when `layers` selects no attention, `initial` has other heads, a number is out of range, or an option is unknown
 * @throws ShapeError when a projection has no `weight` `[outFeatures, inFeatures]`
 */
export async function compositionScores(model: Composite, options: CompositionOptions = {}): Promise<CompositionScores> {
  const operation = "compositionScores";
  const { layers, foldNorm = false, initial, draws = 8, seed = 0 } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "draws", draws, 1);
  checkInteger(operation, "seed", seed, 0);
  const heads = await readHeads(operation, model, { layers, foldNorm });
  const others = initial && (await readHeads(operation, initial, { layers, foldNorm }));
  if (others !== undefined) checkSameHeads(operation, heads, others);
  const baseline = others === undefined ? randomBaseline(heads, draws, seed) : scoresOf(others);
  const table = (kind: CompositionKind) => tableOf(heads, kind, baseline);
  return {
    metric: "composition",
    version: 1,
    heads: heads.map(({ place, weights }) => ({ attention: place.name, head: weights.head })),
    ignored: [...new Set(heads.flatMap(({ weights }) => weights.ignored))],
    query: table("query"),
    key: table("key"),
    value: table("value"),
  };
}

/** The score of two heads, given by their indices. */
export type PairScore = (from: number, to: number, kind: CompositionKind) => number | null;

function scoresOf(heads: readonly CompositionHead[]): PairScore {
  return (from, to, kind) => score(heads[from]!.writes, heads[to]!.reads[kind]);
}

function tableOf(heads: readonly CompositionHead[], kind: CompositionKind, baselineOf: PairScore): CompositionTable {
  const each = (value: PairScore) =>
    heads.map((first, from) => heads.map((second, to) => (comesBefore(first, second, kind) ? value(from, to, kind) : null)));
  const [scores, baseline] = [each(scoresOf(heads)), each(baselineOf)];
  const excess = each((from, to) => difference(scores[from]![to]!, baseline[from]![to]!));
  return { scores, baseline, excess };
}

function comesBefore(first: CompositionHead, second: CompositionHead, kind: CompositionKind): boolean {
  const stream = kind === "query" ? second.place.stream : second.place.source;
  return first.place.stream === stream && (stream !== second.place.stream || first.order < second.order);
}

/** ‖L R‖ / (‖L‖ ‖R‖); null when a norm is 0. */
function score(writes: Gram, reads: Gram): number | null {
  const product = writes.norm * reads.norm;
  return product === 0 ? null : normOfProduct(writes, reads) / product;
}

function difference(value: number | null, baseline: number | null): number | null {
  return value === null || baseline === null ? null : value - baseline;
}
