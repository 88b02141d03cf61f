import { type Composite, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type AttentionPlace, attentionPlaces } from "../models/attention-places.js";
import { type Gram, transposed, withGrams } from "./factored-matrix.js";
import { type HeadWeights, headsAt, ovCircuit, qkCircuit } from "./head-weights.js";

/** What a head reads from an earlier one. */
export type CompositionKind = "query" | "key" | "value";

/** A head with the circuits that write to the stream and read from it. */
export interface CompositionHead {
  readonly place: AttentionPlace;
  /** The index of its attention in the order of computation. */
  readonly order: number;
  readonly weights: HeadWeights;
  readonly writes: Gram;
  readonly reads: Readonly<Record<CompositionKind, Gram>>;
}

/** Which heads to read, and how. */
export interface HeadChoice {
  readonly layers: readonly number[] | undefined;
  readonly foldNorm: boolean;
}

/** The heads of a model in the order of computation. @throws as `attentionPlaces` */
export async function readHeads(
  operation: string,
  model: Composite,
  { layers, foldNorm }: HeadChoice,
): Promise<readonly CompositionHead[]> {
  const heads: CompositionHead[] = [];
  for (const [order, place] of attentionPlaces(operation, model, layers).entries()) {
    for (const weights of await headsAt(operation, model, place, foldNorm)) {
      const [writes, query] = [withGrams(ovCircuit(weights)), withGrams(qkCircuit(weights))];
      heads.push({ place, order, weights, writes, reads: { query, key: transposed(query), value: writes } });
    }
  }
  return heads;
}

/** @throws ValueError when two lists differ in a name or in the size of a matrix */
export function checkSameHeads(operation: string, heads: readonly CompositionHead[], others: readonly CompositionHead[]): void {
  const isSame = others.length === heads.length && others.every((other, at) => sizesOf(other) === sizesOf(heads[at]!));
  if (!isSame) refuse(ValueError, operation, "initial", "a model with the same heads", "one with others");
}

function sizesOf({ place, writes, reads }: CompositionHead): string {
  const matrices = [writes.left, writes.right, reads.query.left, reads.query.right];
  return [place.name, ...matrices.map(({ rows, columns }) => `${rows}×${columns}`)].join(" ");
}
