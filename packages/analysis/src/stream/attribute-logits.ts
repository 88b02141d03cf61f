import { dispose, onesLike, sub, type Tensor, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { Indices } from "../edits/sites.js";
import { type ComponentLabel, type Contribution, contributionsOf, type Split, type Term } from "./attribution-terms.js";
import { type Decomposed, decomposeStream, labelOf, splitStep } from "./decompose.js";
import { readoutSteps } from "./frozen-steps.js";
import { logitDirection, type LogitDirection } from "./logit-direction.js";
import { logitsOfRows, type Readout, readoutOf, rowBlocks } from "./readout.js";
import { recordStream, stackOf } from "./recorded-stream.js";
import { positionsOf, readIds, type ReadIds, type StreamModel, type StreamOptions, streamOptionNames } from "./stream-options.js";

/** The id of one token for all positions, or one for each: `[batch][positions]`. */
export type TokensAt = number | readonly (readonly number[])[];

/** Options of {@link attributeLogits}. */
export interface AttributionOptions extends StreamOptions {
  /** The token whose logit is attributed. */
  readonly token: TokensAt;
  /** A token whose logit is subtracted; default none. What both logits share, such as a norm's effect on all tokens, cancels. */
  readonly minus?: TokensAt | undefined;
  /** The positions; default the last one. */
  readonly at?: Indices | undefined;
  /** Splits feed-forward networks into groups of so many adjacent neurons, 1 for every neuron; default whole networks. */
  readonly neuronGroup?: number | undefined;
}

const optionNames: OptionNames<AttributionOptions> = { ...streamOptionNames, token: true, minus: true, at: true, neuronGroup: true };

/** A component of a logit. */
export interface AttributionComponent extends ComponentLabel {
  /** What it adds to the logit. */
  readonly value: number;
}

/** One logit, or the difference of two, as a sum: plain data. */
export interface LogitAttribution {
  readonly row: number;
  readonly position: number;
  readonly token: number;
  readonly minus: number | null;
  /** The logit of `token`, minus that of `minus`. */
  readonly logit: number;
  /** The sum of all components: the logit, except for rounding. */
  readonly sum: number;
  /** In the order of computation. */
  readonly components: readonly AttributionComponent[];
  /**
   * The sum by layer: entry 0 holds what is outside the layers (embeddings, final norm, head bias), entry l adds layers 0 to l - 1, so the
   * last one is `sum`.
   */
  readonly cumulative: readonly number[];
}

/**
 * Direct logit attribution: what each component adds to a logit through the residual stream, logit = Σ components.
 *
 * The components are the embeddings of token, position and segment, every head of every layer, every feed-forward network, and the biases of
 * output projections, norms and head. A head's component contains the bias of its values. Biases that add nothing are left out.
 *
 * The norms between a component and the logit are frozen: their statistics are those of this run, so that they are affine. A component then
 * passes through norms of outputs (Gemma 2, OLMo 2), norms after sums (BERT) and scaled sums (Granite) exactly. Two functions are frozen as
 * factors: a cap of the logits (Gemma 2) as capped / uncapped, and the activation of a masked-token head as activation(z) / z. It follows the
 * direct path only: what a component changes in later layers counts as theirs.
 *
 * Sums are computed in float64, and every part is checked to be the sum that it should be. Edits of heads, neurons, queries, keys, values and
 * networks are followed. Edits of the output of an attention or a layer are refused, because no component makes them.
 *
 * Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; Wang et al. 2022 for differences of logits.
 *
 * @param ids int32 `[batch, length]`; of an encoder-decoder, what the decoder reads
 * @returns one attribution for each row and position
 * @throws ValueError when a token, a position or an id is out of range, a position is padding, the model has no head, an option does not fit
 *   the model or is unknown, or a part cannot be decomposed: the message names it
 * @throws ShapeError, DTypeError, DisposedError when a tensor or a list of tokens has another shape
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { attributeLogits } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const [last] = await attributeLogits(model, tensor2d([[1, 2, 3]], [1, 3], "int32"), { token: 4, minus: 5 });
 * console.log(last?.components.map(({ name }) => name)); // [ 'tokenEmbedding', 'positionEmbedding', 'L0·H0', … ]
 * ```
 */
export async function attributeLogits(model: StreamModel, ids: Tensor, options: AttributionOptions): Promise<readonly LogitAttribution[]> {
  const operation = "attributeLogits";
  const { token, minus, neuronGroup, ...others } = checkOptions(operation, options, optionNames);
  if (neuronGroup !== undefined) checkInteger(operation, "neuronGroup", neuronGroup, 1);
  const readout = readoutOf(operation, model);
  const read = await readIds(operation, model, ids, others);
  const at = tokenPositions(operation, read, others.at ?? read.length - 1);
  const wanted = {
    token: tokensAt(operation, "token", token, read, at, readout.vocabSize),
    minus: minus === undefined ? undefined : tokensAt(operation, "minus", minus, read, at, readout.vocabSize),
  };
  const run = recordStream(operation, model, ids, others, { at, neurons: neuronGroup !== undefined });
  const subject = { operation, model, ids, options: others, at, run, neuronGroup };
  let splits: readonly Split[] = [];
  try {
    const logits = await logitsOf(subject, readout, wanted);
    splits = scope(() => splitLogits(subject, readout, wanted, logits));
    const contributions = await contributionsOf(operation, splits, read.batch * at.length);
    return contributions.map((each, index) => attribution(subject, wanted, index, logits[index]!, each));
  } finally {
    dispose(splits as never);
    run.dispose();
  }
}

/** Tokens of each row and position: `[batch][positions]`. */
interface Wanted {
  readonly token: readonly (readonly number[])[];
  readonly minus: readonly (readonly number[])[] | undefined;
}

/** @throws ValueError when a position is padding or beyond the ids */
function tokenPositions(operation: string, read: ReadIds, at: Indices): readonly number[] {
  const positions = positionsOf(operation, read, at);
  for (let row = 0; row < read.batch; row++) {
    const padded = positions.find((position) => !read.isToken(row, position));
    if (padded !== undefined) refuse(ValueError, operation, "at", "tokens, not padding", `position ${padded}, padding in row ${row}`);
  }
  return positions;
}

function tokensAt(operation: string, name: string, tokens: TokensAt, read: ReadIds, at: readonly number[], vocabSize: number): number[][] {
  const { batch } = read;
  const rows = typeof tokens === "number" ? Array.from({ length: batch }, () => at.map(() => tokens)) : tokens;
  if (!Array.isArray(rows) || rows.length !== batch || rows.some((row) => !Array.isArray(row) || row.length !== at.length)) {
    refuse(ShapeError, operation, name, `a token id, or ids [rows][positions] = [${batch}][${at.length}]`, describeValue(tokens));
  }
  for (const token of rows.flat()) checkInteger(operation, name, token, 0, vocabSize - 1);
  return rows as number[][];
}

/** What the model's own head computes: the logit of each row and position. */
async function logitsOf({ model, run }: Decomposed, readout: Readout, { token, minus }: Wanted): Promise<number[]> {
  const [tokens, others] = [token.flat(), minus?.flat()];
  const stream = run.stream(stackOf(model).stack.layers.length);
  const rows = [...tokens.keys()];
  const logits: number[] = [];
  for (const block of rowBlocks(rows, readout.vocabSize)) {
    const all = await logitsOfRows(readout, stream, block, (x) => readout.finalNorm?.apply(x) ?? x);
    for (const [index, row] of block.entries()) {
      logits.push(all[index]![tokens[row]!]! - (others === undefined ? 0 : all[index]![others[row]!]!));
    }
  }
  return logits;
}

/** The splits of the logits from the embeddings to the head. */
function splitLogits(subject: Decomposed, readout: Readout, wanted: Wanted, logits: readonly number[]): Split[] {
  const { operation, model, run } = subject;
  const { stack, prefix } = stackOf(model);
  const end = run.stream(stack.layers.length);
  const steps = readoutSteps(operation, prefix, readout, end);
  const x = steps.at(-1)?.output ?? end; // what the head reads
  const { direction, bias } = wantedDirection(operation, readout, x, wanted);
  const ones = onesLike(bias);
  const splits: Split[] = [];
  let below = direction;
  for (const step of steps.toReversed()) {
    const kind = step.part === "headTransform" ? "headTransformBias" : "normBias";
    const { split, ofInput } = splitStep(step, below, labelOf(kind, step.part, null));
    splits.push(split);
    below = ofInput;
  }
  const whole = { value: tensor3d([...logits], bias.shape as [number, number, number]), direction: ones };
  const head: Term[] = [
    { value: x, direction, labels: [] },
    { value: bias, direction: ones, labels: [labelOf("headBias", "head", null)] },
  ];
  return [...decomposeStream(subject, below), ...splits.toReversed(), { part: "head", whole, terms: head }];
}

function wantedDirection(operation: string, { head }: Readout, x: Tensor, { token, minus }: Wanted): LogitDirection {
  const of = (tokens: readonly (readonly number[])[]) =>
    logitDirection(operation, head, x, tensor2d(tokens.flat(), [tokens.length, tokens[0]!.length], "int32"));
  const own = of(token);
  if (minus === undefined) return own;
  const other = of(minus);
  return { direction: sub(own.direction, other.direction), bias: sub(own.bias, other.bias) };
}

/** @param index of batch × positions */
function attribution({ model, at }: Decomposed, { token, minus }: Wanted, index: number, logit: number, all: readonly Contribution[]) {
  const [row, column] = [Math.floor(index / at.length), index % at.length];
  const components = all.flatMap(({ label, value }) => (label.kind.endsWith("Bias") && value === 0 ? [] : [{ ...label, value }]));
  const cumulative = sumsByLayer(components, stackOf(model).stack.layers.length);
  const tokens = { token: token[row]![column]!, minus: minus?.[row]![column] ?? null };
  return { row, position: at[column]!, ...tokens, logit, sum: cumulative.at(-1)!, components, cumulative };
}

/** Entry l is the sum of what is outside the layers and of layers 0 to l - 1. */
function sumsByLayer(components: readonly AttributionComponent[], numLayers: number): number[] {
  const sums = Array.from({ length: numLayers + 1 }, () => 0);
  for (const { layer, value } of components) sums[layer === null ? 0 : layer + 1]! += value;
  let total = 0;
  return sums.map((sum) => (total += sum));
}
