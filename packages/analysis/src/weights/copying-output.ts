import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShapes, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { headsOf } from "../edits/sites.js";
import { liftOver, meanOf } from "../maps/row-scores.js";
import { type AttentionPlace, attentionPlaces, type HeadName } from "../models/attention-places.js";
import { record } from "../watching/record.js";
import { foldNorm, type FoldedNorm, readNorm } from "./fold-norm.js";
import { headsAt } from "./head-weights.js";
import { addScaled, matrix, type Matrix, multiply } from "./matrix.js";
import { checkLanguageModel, unembeddingOf } from "./unembedding.js";

/** The copying score of a head by its output. */
export interface CopyingOutputScore extends HeadName {
  /** Mean of `values`; null when no row was used. */
  readonly score: number | null;
  /** The score of a head that raises every token of the sample by the same amount: 4 / (n + 1) − 1 with n different tokens. */
  readonly nullScore: number | null;
  /** (score − nullScore) / (1 − nullScore) */
  readonly lift: number | null;
  readonly rowsUsed: number;
  /** `[batch · length]`: the value of each position; null where the head raises no token of the sample. */
  readonly values: readonly (number | null)[];
}

/** What {@link copyingOutput} returns. Plain JSON. */
export interface CopyingOutput {
  readonly metric: "copyingOutput";
  readonly version: 1;
  readonly perHead: readonly CopyingOutputScore[];
}

/**
 * Whether heads copy, by what they write: does the output of a head raise the logits of the tokens that it attends to?
 *
 * At position i, l = z_i W_O W_U are the logits that the head adds (z_i: its output before the projection; the final norm's gain is
 * folded into W_U, and its deviation cancels), and r_t = ReLU(l_t − mean of l over the vocabulary) is the raise of token t. With
 * a = Σ_j A_ij r_(token j), the raise of the attended tokens, and T = Σ r_t over the different tokens of the sequence, the ratio is
 * a / (a + T), from 0 (raises only other tokens) to 0.5 (raises only the attended one). The value is 4 · ratio − 1, mean over positions.
 *
 * From −1 to 1. The paper takes 25 random tokens without repetition, without the most and least common ones. Biases, the cap
 * of a head, and norms of the attention's output are left out.
 *
 * Source: Olsson et al. 2022, "In-context Learning and Induction Heads", head activation evaluators; `a` there is of the attended-to
 * token, here the mean over the attention weights.
 *
 * @param ids int32 `[batch, length]`
 * @throws ValueError when the model has no head with a weight, or a part between the last layer's norm and its head, or a layer without
 *   multi-head attention
 * @throws ShapeError, DTypeError, DisposedError when `ids` is not a live int32 tensor `[batch, length]`
 */
export async function copyingOutput(model: LanguageModel, ids: Tensor): Promise<CopyingOutput> {
  checkLanguageModel("copyingOutput", model);
  checkShapes("copyingOutput", { ids: [ids, "batch length", "int32"] });
  const { finalNorm } = model.stack;
  const table = unembeddingOf("copyingOutput", model);
  const [unembedding, norm, runs, tokens] = await Promise.all([
    table.data(),
    finalNorm && readNorm("copyingOutput", finalNorm),
    runAttentions(model, ids),
    ids.data(),
  ]);
  const [batchSize, length] = ids.shape as [number, number];
  const sentences = Array.from({ length: batchSize }, (_, batch) => tokens.slice(batch * length, (batch + 1) * length));
  const mean = meanDirection(unembedding, table.shape[1]!);
  const sequences = sentences.map((sentence) => sequenceOf(sentence, unembedding, mean, norm));
  const perHead: CopyingOutputScore[] = [];
  for (const run of runs) {
    for (const { head, output } of await headsAt("copyingOutput", model, run.place, false)) {
      perHead.push({ attention: run.place.name, head, ...scoreHead(run, head, output, sequences) });
    }
  }
  return { metric: "copyingOutput", version: 1, perHead };
}

/** What an attention computed. */
interface AttentionRun {
  readonly place: AttentionPlace;
  /** `[batch, length, heads × valueDim]` */
  readonly outputs: ArrayLike<number>;
  /** `[batch, heads, length, keyLength]` */
  readonly weights: ArrayLike<number>;
  readonly keyLength: number;
}

async function runAttentions(model: LanguageModel, ids: Tensor): Promise<readonly AttentionRun[]> {
  const places = attentionPlaces("copyingOutput", model);
  const sites = Object.fromEntries(places.map(({ name }) => [name, headsOf(name)]));
  const recording = record(model, sites, (watched) => {
    const { weights = [] } = watched.hidden(ids, { needWeights: true });
    if (weights.length !== places.length) {
      refuse(ValueError, "copyingOutput", "model", "a model with a multi-head attention in each layer", `${places.length} attentions`);
    }
    return weights;
  });
  try {
    return await Promise.all(
      places.map(async (place, at): Promise<AttentionRun> => {
        const weights = recording.result[at]!;
        const outputs = recording.values[place.name]![`${place.name}.output`]!;
        return { place, outputs: await outputs.data(), weights: await weights.data(), keyLength: weights.shape[3]! };
      }),
    );
  } finally {
    for (const weights of recording.result) weights.dispose();
    recording.dispose();
  }
}

/** A sequence and the directions of the logits of its tokens. */
interface Sequence {
  /** For each position, the index of its token among the different tokens. */
  readonly indices: readonly number[];
  readonly tokenCount: number;
  /** W_U `[dModel, tokenCount]`, less its mean over the vocabulary. */
  readonly directions: Matrix;
}

/** `[dModel]`: the mean of the directions of all tokens. @param directions `[vocabSize, dModel]` */
function meanDirection(directions: ArrayLike<number>, dModel: number): Float64Array {
  const mean = new Float64Array(dModel);
  for (let start = 0; start < directions.length; start += dModel) addScaled(mean, dModel / directions.length, directions, start);
  return mean;
}

function sequenceOf(ids: ArrayLike<number>, unembedding: ArrayLike<number>, mean: Float64Array, norm: FoldedNorm | undefined): Sequence {
  const different = [...new Set(Array.from(ids))];
  const directions = matrix(
    mean.length,
    different.length,
    (row, token) => unembedding[different[token]! * mean.length + row]! - mean[row]!,
  );
  return {
    indices: Array.from(ids, (id) => different.indexOf(id)),
    tokenCount: different.length,
    directions: norm === undefined ? directions : foldNorm(directions, norm),
  };
}

function scoreHead(
  run: AttentionRun,
  head: number,
  output: Matrix,
  sequences: readonly Sequence[],
): Omit<CopyingOutputScore, keyof HeadName> {
  const values = sequences.flatMap((sequence, batch) => rowValues(run, head, batch, multiply(output, sequence.directions), sequence));
  const chances = sequences.flatMap(({ indices, tokenCount }) => indices.map(() => 4 / (tokenCount + 1) - 1));
  const [score, nullScore] = [meanOf(values), meanOf(chances.map((chance, row) => (values[row] === null ? null : chance)))];
  return { score, nullScore, lift: liftOver(score, nullScore), rowsUsed: values.filter((value) => value !== null).length, values };
}

/** @param circuit `[valueDim, tokenCount]`: the centred logits of each value */
function rowValues(run: AttentionRun, head: number, batch: number, circuit: Matrix, { indices }: Sequence): (number | null)[] {
  const [length, heads] = [indices.length, run.place.attention.numHeads];
  return indices.map((_, row) => {
    const start = ((batch * length + row) * heads + head) * circuit.rows;
    const output = matrix(1, circuit.rows, (_row, column) => run.outputs[start + column]!);
    const raises = multiply(output, circuit).data.map((logit) => Math.max(0, logit));
    const total = raises.reduce((sum, raise) => sum + raise, 0);
    const firstWeight = ((batch * heads + head) * length + row) * run.keyLength;
    const attended = indices.reduce((sum, token, key) => sum + run.weights[firstWeight + key]! * raises[token]!, 0);
    return total === 0 ? null : (4 * attended) / (attended + total) - 1;
  });
}
