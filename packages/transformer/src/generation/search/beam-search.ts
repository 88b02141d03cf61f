import { checkFinite, checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { largestId, promptRows } from "../check-ids.js";
import { checkDecoder, type Decoder } from "../decoder.js";
import { DecoderBatch } from "../decoder-batch.js";
import { applyProcessors, type LogitsProcessor } from "../processors/logits-processor.js";
import { processingNames, type ProcessingOptions, processorsOf } from "../processors/processing-options.js";
import { logSoftmax } from "../processors/softmax.js";
import { finishOf, type Limits } from "../stopping/finish.js";
import { checkRoom, limitsOf, stoppingNames, type StoppingOptions } from "../stopping/stopping-options.js";
import { type BeamRules, Beams, type BeamSequence, type BeamStep } from "./beams.js";

/** Options of {@link beamSearch}. */
export interface BeamSearchOptions extends StoppingOptions, ProcessingOptions {
  /** The number of beams; default 4. */
  readonly numBeams?: number | undefined;
  /** A sum of log-probabilities is divided by length ^ lengthPenalty: > 0 favours long sequences, < 0 short ones. Default 1. */
  readonly lengthPenalty?: number | undefined;
  /**
   * When a prompt is done: true, as soon as there are `numBeams` finished sequences; false, when a better one is unlikely;
   * `"never"`, when there cannot be a better one. Default false.
   */
  readonly earlyStopping?: boolean | "never" | undefined;
  /** The number of sequences for each prompt, at most `numBeams`; default 1. */
  readonly numReturnSequences?: number | undefined;
  /** The id that pads shorter prompts on the left, where a mask hides it; default 0. */
  readonly padId?: number | undefined;
  /** Stops between two tokens and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames: OptionNames<BeamSearchOptions> = {
  ...stoppingNames,
  ...processingNames,
  numBeams: true,
  lengthPenalty: true,
  earlyStopping: true,
  numReturnSequences: true,
  padId: true,
  signal: true,
};

/**
 * Continues prompts by beam search: keeps the likeliest `numBeams` sequences of each prompt, and returns those with the best
 * scores. The sequences are those of `generate(num_beams=…)` in transformers 5.23.
 *
 * Processors change log-probabilities here, as in transformers.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { beamSearch } from "@tfblocks/transformer/generate";
 * import { llama } from "@tfblocks/transformer/models";
 * const model = llama({ vocabSize: 50, dModel: 16, numLayers: 1, numHeads: 2, hiddenDim: 32 });
 * const [sequences] = await beamSearch(model, [5, 6, 7], { numBeams: 3, maxNewTokens: 4, stopTokens: [2] });
 * sequences![0]!.tokens; // the new tokens of the likeliest sequence
 * ```
 *
 * @param prompts ids of one prompt or of several, none of them empty
 * @returns for each prompt its sequences, the best first
 * @throws as `generate`
 */
export async function beamSearch(
  model: Decoder,
  prompts: readonly number[] | readonly (readonly number[])[],
  options: BeamSearchOptions = {},
): Promise<BeamSequence[][]> {
  const { rows, rules, padId, signal, processors, numBeams, numReturnSequences } = planOf(model, prompts, options);
  const all = rows.map((prompt, row) => new Beams(prompt, row, rules(prompt)));
  const batch = new DecoderBatch(model, rows, padId);
  try {
    signal?.throwIfAborted();
    let logits = (await batch.first(rows)).flatMap((row) => Array.from({ length: numBeams }, () => row));
    batch.repeat(numBeams, rows.length);
    for (;;) {
      const next = all.flatMap((beams, row) => {
        const first = row * numBeams;
        const steps = continued(beams, logits.slice(first, first + numBeams), processors, padId);
        return steps.map(({ parent, token }) => ({ row: first + parent, token }));
      });
      if (all.every(({ hasEnded }) => hasEnded)) return all.map((beams) => beams.sequences(numReturnSequences));
      signal?.throwIfAborted();
      batch.select(next.map(({ row }) => row));
      logits = await batch.next(next.map(({ token }) => token));
    }
  } finally {
    batch.dispose();
  }
}

/** The beam that each beam of a prompt continues, and its token; padding for a prompt that has ended. */
function continued(
  beams: Beams,
  logits: readonly Float32Array[],
  processors: readonly LogitsProcessor[],
  padId: number,
): readonly BeamStep[] {
  if (beams.hasEnded) return logits.map((_, parent) => ({ parent, token: padId }));
  return beams.advance(logits.map((each, beam) => applyProcessors(processors, logSoftmax(each), beams.contextOf(beam))));
}

function planOf(model: Decoder, prompts: readonly number[] | readonly (readonly number[])[], options: BeamSearchOptions) {
  const { padId = 0, signal, ...others } = checkOptions("beamSearch", options, optionNames);
  const { numBeams = 4, lengthPenalty = 1, earlyStopping = false, numReturnSequences = 1 } = others;
  checkInteger("beamSearch", "numBeams", numBeams, 1);
  checkFinite("beamSearch", "lengthPenalty", lengthPenalty);
  checkInteger("beamSearch", "numReturnSequences", numReturnSequences, 1, numBeams);
  checkInteger("beamSearch", "padId", padId, 0, largestId);
  if (typeof earlyStopping !== "boolean" && earlyStopping !== "never") {
    refuse(ValueError, "beamSearch", "earlyStopping", 'true, false or "never"', describeValue(earlyStopping));
  }
  const limits = limitsOf("beamSearch", options, model.maxLength);
  const processors = processorsOf("beamSearch", options, limits.stopTokens);
  const rows = promptRows("beamSearch", prompts);
  checkDecoder("beamSearch", model);
  checkRoom("beamSearch", rows, limits);
  const rules = rulesOf({ numBeams, lengthPenalty, earlyStopping }, limits);
  return { rows, rules, padId, signal, processors, numBeams, numReturnSequences };
}

function rulesOf(shape: Pick<BeamRules, "numBeams" | "lengthPenalty" | "earlyStopping">, limits: Limits) {
  return (prompt: readonly number[]): BeamRules => ({
    ...shape,
    candidates: Math.max(2, 1 + limits.stopTokens.length) * shape.numBeams,
    maxNewTokens: Math.min(limits.maxNewTokens, limits.maxLength - prompt.length, limits.contextLength + 1 - prompt.length),
    finishOf: (context) => finishOf("beamSearch", context, limits),
  });
}
