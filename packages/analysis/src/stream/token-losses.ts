import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, checkShapes, type OptionNames, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { crossEntropy } from "@tfblocks/training";
import { readNumbers } from "../read-numbers.js";
import { logitsOf, type Readout, readoutOf, rowBlocks } from "./readout.js";
import {
  predictsNext,
  readIds,
  type ReadIds,
  runStream,
  type StreamModel,
  type StreamOptions,
  streamOptionNames,
} from "./stream-options.js";

/** Options of {@link tokenLosses}. */
export interface TokenLossOptions extends StreamOptions {
  /**
   * The token that each position should predict, int32 `[batch, length]`; -100 for none, as in PyTorch. Default: the next token.
   * Required for a model that is not causal, such as BERT, where it is -100 except at masked positions.
   */
  readonly targets?: Tensor | undefined;
}

export const tokenLossOptionNames: OptionNames<TokenLossOptions> = { ...streamOptionNames, targets: true };

/** What {@link tokenLosses} returns: plain data. */
export interface TokenLosses {
  /**
   * In nats, ≥ 0: `[batch][length - 1]` of next tokens, or `[batch][length]` if targets were given. Null where there is no target,
   * or the position or the next token is padding.
   */
  readonly losses: readonly (readonly (number | null)[])[];
  /** The mean over all losses; null when there is none, for example of one token. e to this power is the perplexity. */
  readonly mean: number | null;
  /** How many losses there are. */
  readonly count: number;
}

/** Stands for no target. */
export const noTarget = -100;

/**
 * The loss of each token: -ln p(target | tokens), the negative log-likelihood of the softmax of the logits.
 *
 * The target of a position is the next token, or what `targets` says. Losses are computed as in training, in float32. The logits are computed for
 * a few positions at a time, at most 32 MB, and only where there is a target.
 *
 * @param ids int32 `[batch, length]`; of an encoder-decoder, what the decoder reads, including its start token
 * @throws ValueError when an id or a target is outside the vocabulary, there are no ids, the model has no head, targets are missing
 *   for a model that is not causal, an option does not fit the model or is unknown, or logits are not finite
 * @throws ShapeError, DTypeError, DisposedError when a tensor is not a live int32 tensor of its shape
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { tokenLosses } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const { losses, mean } = await tokenLosses(model, tensor2d([[1, 2, 3]], [1, 3], "int32"));
 * console.log(losses[0]?.length, mean); // 2 losses, near ln 10 = 2.3 before training
 * ```
 */
export async function tokenLosses(model: StreamModel, ids: Tensor, options: TokenLossOptions = {}): Promise<TokenLosses> {
  const operation = "tokenLosses";
  checkOptions(operation, options, tokenLossOptionNames);
  const readout = readoutOf(operation, model);
  const read = await readIds(operation, model, ids, options);
  const targets = await readTargets(operation, model, read, options);
  const { output: hidden } = runStream(operation, model, ids, options);
  try {
    return summary(read, options.targets === undefined ? read.length - 1 : read.length, await lossesOf(readout, hidden, targets));
  } finally {
    hidden.dispose();
  }
}

/**
 * The target of every position `[batch, length]`, -100 for none.
 *
 * @throws ValueError when they are missing for a model that is not causal, or one is neither -100 nor in the vocabulary
 */
export async function readTargets(
  operation: string,
  model: StreamModel,
  read: ReadIds,
  { targets }: Pick<TokenLossOptions, "targets">,
): Promise<Int32Array> {
  if (targets === undefined) return nextTokens(operation, model, read);
  const { batch, length, isToken } = read;
  const from = (value: number): [number, string] => [value, "ids"];
  checkShapes(operation, { targets: [targets, "batch length", "int32"] }, { batch: from(batch), length: from(length) });
  const values = await targets.data();
  return Int32Array.from(values, (target, row) => {
    if (target === noTarget) return noTarget;
    checkInteger(operation, "targets", target, 0, model.vocabSize - 1);
    return isToken(Math.floor(row / length), row % length) ? target : noTarget;
  });
}

function nextTokens(operation: string, model: StreamModel, { length, tokens, isToken }: ReadIds): Int32Array {
  if (!predictsNext(model)) {
    const advice = "pass the original tokens at masked positions, and -100 elsewhere";
    refuse(ValueError, operation, "targets", "given for a model that is not causal", "undefined", advice);
  }
  return tokens.map((_, at) => {
    const [row, position] = [Math.floor(at / length), at % length];
    const hasNext = position + 1 < length && isToken(row, position) && isToken(row, position + 1);
    return hasNext ? tokens[at + 1]! : noTarget;
  });
}

/** The loss of each position `[batch, length]`. @param hidden `[batch, length, dModel]`, after the final norm */
async function lossesOf(readout: Readout, hidden: Tensor, targets: Int32Array): Promise<(number | null)[]> {
  const losses: (number | null)[] = Array.from(targets, () => null);
  const rows = [...targets.keys()].filter((row) => targets[row] !== noTarget);
  for (const block of rowBlocks(rows, readout.vocabSize)) {
    const values = await readNumbers(
      scope(() => {
        const labels = tensor2d([block.map((row) => targets[row]!)], [1, block.length], "int32");
        return crossEntropy(logitsOf(readout, hidden, block), labels, { reduction: "none" });
      }),
    );
    for (const [at, row] of block.entries()) losses[row] = checkedLoss(values[at]!);
  }
  return losses;
}

function checkedLoss(loss: number): number {
  if (!Number.isNaN(loss)) return Math.max(0, loss);
  return refuse(ValueError, "tokenLosses", "the model", "one with finite logits", loss, "check its weights");
}

/** @param width how many losses of each row are returned */
function summary({ batch, length }: ReadIds, width: number, all: readonly (number | null)[]): TokenLosses {
  const losses = Array.from({ length: batch }, (_, row) => all.slice(row * length, row * length + width));
  const known = losses.flat().filter((loss) => loss !== null);
  const mean = known.length === 0 ? null : known.reduce((sum, loss) => sum + loss, 0) / known.length;
  return { losses, mean, count: known.length };
}
