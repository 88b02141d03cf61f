import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { GenerationContext } from "../context.js";
import { indicesOfLargest } from "../processors/largest.js";
import type { FinishReason } from "../stopping/finish.js";

/** A sequence that beam search returns. */
export interface BeamSequence {
  /** The new tokens. */
  readonly tokens: readonly number[];
  /** The sum of the log-probabilities of the tokens, divided by their number to the power of `lengthPenalty`. */
  readonly score: number;
  readonly finished: FinishReason;
}

/** How beams are kept and compared. */
export interface BeamRules {
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | "never";
  /** The candidates of a step: enough that `numBeams` remain when all stop tokens are among them. */
  readonly candidates: number;
  /** The largest number of new tokens of the row. */
  readonly maxNewTokens: number;
  readonly finishOf: (context: GenerationContext) => FinishReason | undefined;
}

/** The beam that a new beam continues, and its token. */
export interface BeamStep {
  readonly parent: number;
  readonly token: number;
}

/** A candidate of a step. */
interface Candidate extends BeamStep {
  readonly tokens: readonly number[];
  readonly score: number;
  readonly finished: FinishReason | undefined;
}

/** What transformers adds to the score of a sequence that must not be chosen; the sum is rounded to float32. */
const excluded = -1e9;
const { fround } = Math;

/**
 * The beams of one prompt. One step follows `_beam_search` of transformers 5.23, in float32: the best candidates among all
 * beams and tokens continue unless they end; those that end compete with the finished sequences.
 */
export class Beams {
  readonly #prompt: readonly number[];
  readonly #row: number;
  readonly #rules: BeamRules;
  #running: { tokens: readonly number[]; score: number }[];
  #finished: BeamSequence[] = [];
  #canImprove = true;
  #canContinue = true;

  constructor(prompt: readonly number[], row: number, rules: BeamRules) {
    this.#prompt = prompt;
    this.#row = row;
    this.#rules = rules;
    // All beams are the same at first: only the first one counts.
    this.#running = Array.from({ length: rules.numBeams }, (_, beam) => ({ tokens: [], score: beam === 0 ? 0 : excluded }));
  }

  get hasEnded(): boolean {
    const isFull = this.#isFull && this.#rules.earlyStopping === true;
    return !this.#canImprove || !this.#canContinue || isFull;
  }

  /** What a processor is told about a beam. */
  contextOf(beam: number): GenerationContext {
    return this.#context(this.#running[beam]!.tokens);
  }

  /**
   * Continues the beams.
   *
   * @param logProbs of every token after each beam, processed
   * @returns a step for each new beam
   */
  advance(logProbs: readonly Float32Array[]): readonly BeamStep[] {
    const candidates = this.#candidates(logProbs);
    const next = best(candidates, this.#rules.numBeams, ({ score, finished }) => (finished ? fround(score + excluded) : score));
    this.#running = next.map(({ of: { tokens }, score }) => ({ tokens, score }));
    this.#finish(candidates.slice(0, this.#rules.numBeams));
    this.#canContinue = candidates.some(({ finished }) => finished === undefined);
    this.#canImprove &&= this.#mayImprove();
    return next.map(({ of: { parent, token } }) => ({ parent, token }));
  }

  /** The best sequences, the best first. */
  sequences(count: number): BeamSequence[] {
    return this.#finished.slice(0, count);
  }

  get #isFull(): boolean {
    return this.#finished.length === this.#rules.numBeams;
  }

  #context(tokens: readonly number[]): GenerationContext {
    return { ids: [...this.#prompt, ...tokens], promptLength: this.#prompt.length, row: this.#row };
  }

  #candidates(logProbs: readonly Float32Array[]): Candidate[] {
    const vocabSize = logProbs[0]!.length;
    const scores = new Float32Array(logProbs.length * vocabSize);
    for (const [beam, each] of logProbs.entries()) {
      for (let id = 0; id < vocabSize; id++) scores[beam * vocabSize + id] = each[id]! + this.#running[beam]!.score;
    }
    const indices = indicesOfLargest(scores, this.#rules.candidates);
    checkBest(scores[indices[0]!]!);
    return indices.map((index) => {
      const [parent, token] = [Math.floor(index / vocabSize), index % vocabSize];
      const tokens = [...this.#running[parent]!.tokens, token];
      return { parent, token, tokens, score: scores[index]!, finished: this.#rules.finishOf(this.#context(tokens)) };
    });
  }

  /** Merges the candidates that ended into the finished sequences. */
  #finish(candidates: readonly Candidate[]): void {
    const { numBeams, lengthPenalty, earlyStopping } = this.#rules;
    if (!this.#canImprove || (this.#isFull && earlyStopping === true)) return;
    const ended = candidates.flatMap(({ tokens, score, finished }) => {
      return finished === undefined ? [] : [{ tokens, score: fround(score / fround(tokens.length ** lengthPenalty)), finished }];
    });
    this.#finished = best([...this.#finished, ...ended], numBeams, ({ score }) => score).map(({ of: sequence }) => sequence);
  }

  /** Whether the best beam may still end with a better score than the worst finished sequence. */
  #mayImprove(): boolean {
    const { lengthPenalty, earlyStopping, maxNewTokens } = this.#rules;
    if (!this.#isFull) return true;
    const { tokens, score } = this.#running[0]!;
    const length = earlyStopping === "never" && lengthPenalty > 0 ? maxNewTokens : tokens.length;
    return fround(score / fround(length ** lengthPenalty)) > this.#finished.at(-1)!.score;
  }
}

/** The items with the largest scores, the first in a tie. */
function best<Item>(items: readonly Item[], count: number, scoreOf: (item: Item) => number): { of: Item; score: number }[] {
  const scored = items.map((of) => ({ of, score: scoreOf(of) }));
  return scored.toSorted((a, b) => b.score - a.score).slice(0, count);
}

function checkBest(score: number): void {
  if (Number.isFinite(score)) return;
  const advice = "the processors rule out every token, or the weights are wrong";
  refuse(ValueError, "beamSearch", "the best score", "finite", score, advice);
}
