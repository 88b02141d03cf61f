import { slice, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, matmul, type OptionNames, scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { attentionPlaces, type HeadName } from "../models/attention-places.js";
import { type Eigenvalues, eigenvalues } from "./eigenvalues.js";
import { foldNorm, readNorm } from "./fold-norm.js";
import { type HeadWeights, headsAt, type IgnoredTerm } from "./head-weights.js";
import { addScaled, matrix, type Matrix, multiply } from "./matrix.js";
import { checkLanguageModel, embeddingOf, unembeddingOf } from "./unembedding.js";

/** Options of {@link copyingScores}. */
export interface CopyingOptions {
  /** Only heads of layers with these indices; default all. */
  readonly layers?: readonly number[] | undefined;
  /** Whether to fold the gain of the norm before each attention into W_V, and that of the final norm into W_U; default false. */
  readonly foldNorm?: boolean | undefined;
}

const optionNames: OptionNames<CopyingOptions> = { layers: true, foldNorm: "flag" };

/** The copying score of a head by its weights. */
export interface CopyingScore extends HeadName {
  /** Σ Re λ / Σ |λ|; null when every eigenvalue is 0. */
  readonly score: number | null;
  /** The score by chance: 0, because the eigenvalues of random weights are as often positive as negative. */
  readonly nullScore: number;
  /** The valueDim eigenvalues λ that may differ from 0. */
  readonly eigenvalues: Eigenvalues;
}

/** What {@link copyingScores} returns. Plain JSON. */
export interface CopyingScores {
  readonly metric: "copying";
  readonly version: 1;
  readonly perHead: readonly CopyingScore[];
  readonly ignored: readonly IgnoredTerm[];
}

/**
 * Whether heads copy, by their weights alone: Σ Re λ / Σ |λ| over the eigenvalues λ of W_E W_V W_O W_U `[vocabSize, vocabSize]`, the
 * logits that a head adds when it attends to a token.
 *
 * From −1 to 1: 1 if every eigenvalue is positive (attending to a token raises its own logit, as in copying), −1 if all are negative.
 * The eigenvalues other than 0 are those of W_O W_U W_E W_V `[valueDim, valueDim]`. Positions, biases, norms of the attention's output
 * and other layers are left out, so the score says most about early layers and models without them.
 *
 * Cost: vocabSize · dModel² multiplications once, in float32 on the backend, and dModel² · valueDim for each head in float64.
 *
 * Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits".
 *
 * @throws ValueError when the model has no head with a weight, or has a part between the last layer's norm and its head, `layers` selects no
 *   attention, or an option is unknown
 * @throws ShapeError when a projection has no `weight` `[outFeatures, inFeatures]`
 */
export async function copyingScores(model: LanguageModel, options: CopyingOptions = {}): Promise<CopyingScores> {
  const { layers, foldNorm: isFolded = false } = checkOptions("copyingScores", options, optionNames);
  checkLanguageModel("copyingScores", model);
  const tokens = await tokenCircuit(model, isFolded);
  const perHead: CopyingScore[] = [];
  const ignored = new Set<IgnoredTerm>();
  for (const place of attentionPlaces("copyingScores", model, layers)) {
    for (const weights of await headsAt("copyingScores", model, place, isFolded)) {
      perHead.push({ attention: place.name, head: weights.head, ...scoreOf(weights, tokens) });
      for (const term of weights.ignored) ignored.add(term);
    }
  }
  return { metric: "copying", version: 1, perHead, ignored: [...ignored] };
}

/** W_U W_E `[dModel, dModel]`, shared by all heads. */
async function tokenCircuit(model: LanguageModel, isFolded: boolean): Promise<Matrix> {
  const circuit = await sumOfProducts(unembeddingOf("copyingScores", model), embeddingOf("copyingScores", model));
  const { finalNorm } = model.stack;
  return isFolded && finalNorm !== undefined ? foldNorm(circuit, await readNorm("copyingScores", finalNorm)) : circuit;
}

/** Tokens of one product on the backend; their sums are float32, and the sum of the products is float64. */
const blockLength = 2048;

/** Σ over tokens of the outer product of their rows in two tables `[vocabSize, dModel]`. */
async function sumOfProducts(unembedding: Tensor, embedding: Tensor): Promise<Matrix> {
  const [vocabSize, rows] = unembedding.shape as [number, number];
  const sum = matrix(rows, embedding.shape[1]!, () => 0);
  for (let start = 0; start < vocabSize; start += blockLength) {
    const block = (table: Tensor) => slice(table, [start, 0], [Math.min(blockLength, vocabSize - start), -1]);
    const product = scope(() => matmul(block(unembedding), block(embedding), { transposeA: true }));
    try {
      addScaled(sum.data, 1, await product.data(), 0);
    } finally {
      product.dispose();
    }
  }
  return sum;
}

function scoreOf({ value, output }: HeadWeights, tokens: Matrix): Omit<CopyingScore, keyof HeadName> {
  const found = eigenvalues(multiply(multiply(output, tokens), value));
  const moduli = found.real.reduce((sum, real, at) => sum + Math.hypot(real, found.imaginary[at]!), 0);
  const score = moduli === 0 ? null : found.real.reduce((sum, real) => sum + real, 0) / moduli;
  return { score, nullScore: 0, eigenvalues: found };
}
