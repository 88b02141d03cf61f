import type { Tensor } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, checkPositive, checkShapes, type OptionNames, refuse, ShapeError } from "@tfblocks/tensor-utils";
import { checkSequences } from "../checks.js";
import { distribution, type LensReading, lensReading } from "./lens-reading.js";
import { logitsOfRows, readoutOf, rowBlocks } from "./readout.js";
import type { StreamModel } from "./stream-options.js";

/** Options of {@link readPredictions}. */
export interface PredictionOptions {
  /** How many of the likeliest tokens to list, 0 to vocabSize; default 5, or vocabSize if that is smaller. */
  readonly topK?: number | undefined;
  /** Divides the logits; below 1 the likely tokens gain, above 1 the unlikely ones. Default 1. */
  readonly temperature?: number | undefined;
  /** The token whose probability and rank are read at each position, `[batch][length]`; null for none. Default none. */
  readonly targets?: readonly (readonly (number | null)[])[] | undefined;
}

const optionNames: OptionNames<PredictionOptions> = { topK: true, temperature: true, targets: true };

/** What a model predicts at one position. */
export type PredictionReading = Pick<LensReading, "entropy" | "top" | "target">;

/**
 * What a model predicts at each position, from its last hidden states: p = softmax(head(hidden) / temperature).
 *
 * At temperature 1 it is the last layer of `logitLens`. The hidden states can be read again with other options, without another run.
 * Logits are computed for a few positions at a time, at most 32 MB.
 *
 * @param hidden `[batch, length, dModel]`, after the final norm: the `output` of `model.hidden(ids)`, or of the decoder of an encoder-decoder
 * @returns `[row][position]`
 * @throws ValueError when the model has no head, an option is out of range or unknown, or logits are not finite
 * @throws ShapeError, DTypeError, DisposedError when `hidden` is not a live tensor of this shape, or there is not one target for each position
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { readPredictions } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const { output } = model.hidden(tensor2d([[1, 2, 3]], [1, 3], "int32"));
 * const [row] = await readPredictions(model, output, { topK: 2, targets: [[2, 3, null]] });
 * console.log(row?.length, row?.[0]?.top.length, row?.[2]?.target); // 3 2 null
 * ```
 */
export async function readPredictions(
  model: StreamModel,
  hidden: Tensor,
  options: PredictionOptions = {},
): Promise<readonly (readonly PredictionReading[])[]> {
  const operation = "readPredictions";
  const readout = readoutOf(operation, model);
  const { topK = Math.min(5, model.vocabSize), temperature = 1, targets } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "topK", topK, 0, model.vocabSize);
  checkPositive(operation, "temperature", temperature);
  const { batch, length } = checkShapes(operation, { hidden: [hidden, "batch length dModel"] });
  const wanted = checkedTargets(operation, targets, batch, length, model.vocabSize);
  const readings: PredictionReading[] = [];
  for (const rows of rowBlocks([...Array(batch * length).keys()], readout.vocabSize)) {
    const logits = await logitsOfRows(readout, hidden, rows);
    for (const [index, row] of rows.entries()) {
      const own = distribution(
        operation,
        logits[index]!.map((logit) => logit / temperature),
      );
      const { entropy, top, target } = lensReading(own, own, wanted[row] ?? undefined, topK);
      readings.push({ entropy, top, target });
    }
  }
  return Array.from({ length: batch }, (_, row) => readings.slice(row * length, (row + 1) * length));
}

/** The target of each position, `[batch · length]`; none without targets. */
function checkedTargets(
  operation: string,
  targets: PredictionOptions["targets"],
  batch: number,
  length: number,
  vocabSize: number,
): readonly (number | null)[] {
  if (targets === undefined) return [];
  checkSequences(operation, "targets", targets, "tokens", "targets");
  const lengths = targets.map((row) => row.length);
  if (lengths.length !== batch || lengths.some((each) => each !== length)) {
    refuse(ShapeError, operation, "targets", `one for each position, [${batch}][${length}]`, `lists of length [${lengths.join(", ")}]`);
  }
  for (const target of targets.flat()) if (target !== null) checkInteger(operation, "targets", target, 0, vocabSize - 1);
  return targets.flat();
}
