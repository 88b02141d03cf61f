import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { checkKeep } from "../maps/attention-maps.js";
import { type CentredFeatures, centredFeatures, ckaOf, shuffledCkaOf } from "./cka/centred-features.js";
import { checkMatrix } from "./linear-algebra/matrix.js";
import { checkSamples, type CkaOptions, ckaOptionNames } from "./linear-cka.js";

/** Sizes of the outputs of heads: `[batch, heads, length, headDim]`. */
export type HeadOutputShape = readonly [batch: number, heads: number, length: number, headDim: number];

/** Options of {@link headCka}. */
export interface HeadCkaOptions extends CkaOptions {
  /** Which tokens are not padding, non-zero = keep: `[length]` or `[batch, length]`; default all. */
  readonly queryKeep?: Uint8Array;
}

const optionNames: OptionNames<HeadCkaOptions> = { ...ckaOptionNames, queryKeep: true };

/** How similar the outputs of heads are. */
export interface HeadCka {
  readonly metric: "headCka";
  readonly version: 1;
  readonly debiased: boolean;
  /** `[heads][heads]`, symmetric; null where the output of a head is the same for every token. */
  readonly scores: readonly (readonly (number | null)[])[];
  /** The mean score when the tokens of one head are paired with those of the other at random; 0 when debiased. */
  readonly nullScores: readonly (readonly (number | null)[])[];
  /** Tokens, over the batch, that were compared. */
  readonly rowsUsed: number;
}

/**
 * Linear CKA between the outputs of every two heads: do they write the same, up to rotation and scale? See `linearCka`.
 *
 * From 0 to 1, or around 0 for unrelated heads when `debiased`. The samples are the tokens that `queryKeep` keeps, pooled over
 * the batch. Heads can write the same though they attend differently, and the reverse: compare with `headDistances`.
 *
 * @param outputs `[batch, heads, length, headDim]`, row-major: weights · values, before the output projection; borrowed
 * @param shape the four sizes
 * @throws ShapeError when the number of outputs or `queryKeep` contradicts the sizes, or `debiased` has fewer than 4 tokens
 * @throws ValueError when an output of a kept token is not finite, a size is not an integer ≥ 0, or an option is unknown
 */
export function headCka(outputs: ArrayLike<number>, shape: HeadOutputShape, options: HeadCkaOptions = {}): HeadCka {
  const { debiased = false, queryKeep } = checkOptions("headCka", options, optionNames);
  checkOutputs(outputs, shape);
  const tokens = keptTokens(shape, queryKeep);
  checkSamples("headCka", "outputs", tokens.length, debiased);
  const heads = Array.from({ length: shape[1] }, (_, head) => readHead(outputs, shape, head, tokens));
  const pairs = heads.map((x, head) =>
    heads.slice(0, head + 1).map((y) => ({ score: ckaOf(x, y, debiased), nullScore: shuffledCkaOf(x, y, debiased) })),
  );
  const matrix = (part: "score" | "nullScore") =>
    heads.map((_, head) => heads.map((__, other) => pairs[Math.max(head, other)]![Math.min(head, other)]![part]));
  return { metric: "headCka", version: 1, debiased, scores: matrix("score"), nullScores: matrix("nullScore"), rowsUsed: tokens.length };
}

function checkOutputs(outputs: ArrayLike<number>, shape: HeadOutputShape): void {
  if (!Array.isArray(shape) || shape.length !== 4) {
    refuse(ShapeError, "headCka", "shape", "[batch, heads, length, headDim]", describeValue(shape));
  }
  for (const size of shape) checkInteger("headCka", "shape", size, 0);
  const count = shape.reduce((product, size) => product * size, 1);
  if (typeof outputs?.length !== "number") {
    refuse(ValueError, "headCka", "outputs", "an array of numbers", describeValue(outputs), "pass await tensor.data()");
  }
  if (outputs.length !== count) refuse(ShapeError, "headCka", "outputs", `${count} numbers for [${shape.join(", ")}]`, outputs.length);
}

type Token = readonly [batch: number, position: number];

function keptTokens([batch, , length]: HeadOutputShape, keep: Uint8Array | undefined): Token[] {
  if (keep !== undefined) checkKeep("headCka", keep);
  if (keep !== undefined && keep.length !== length && keep.length !== batch * length) {
    refuse(ShapeError, "headCka", "queryKeep", `[${length}] or [${batch}, ${length}]`, `${keep.length} cells`);
  }
  const tokens = Array.from({ length: batch * length }, (_, token): Token => [Math.floor(token / length), token % length]);
  return keep === undefined ? tokens : tokens.filter((_, token) => keep[token % keep.length] !== 0);
}

function readHead(
  outputs: ArrayLike<number>,
  [, heads, length, headDim]: HeadOutputShape,
  head: number,
  tokens: readonly Token[],
): CentredFeatures {
  const rows = tokens.map(([batch, position]) => {
    const start = ((batch * heads + head) * length + position) * headDim;
    return Float64Array.from({ length: headDim }, (_, column) => outputs[start + column]!);
  });
  checkMatrix("headCka", `outputs of head ${head}`, rows);
  return centredFeatures(rows);
}
