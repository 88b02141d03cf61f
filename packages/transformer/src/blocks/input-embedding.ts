import { add, range, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkBlock,
  checkOptions,
  checkRate,
  checkShapes,
  Composite,
  describeValue,
  type OptionNames,
  type Parts,
  refuse,
  scope,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkEachRun, current, type Live, liveTensor } from "@tfblocks/tensor-utils/steps";
import type { LayerOptions } from "./layer-options.js";
import { dropped } from "./sublayers.js";
import type { TokenEmbeddingPart } from "./token-embedding.js";

/** Computes int32 positions, `[length]` or `[batch, length]`, of ids `[batch, length]` whose first position is `offset`. */
export type PositionRule = (ids: Tensor, offset: number) => Tensor;

/** Parts and settings of an {@link InputEmbedding}, which takes ownership of the parts. */
export interface InputEmbeddingParts {
  readonly tokenEmbedding: TokenEmbeddingPart;
  /** Maps int32 positions to vectors, for example `LearnedPositions` of `@tfblocks/positional`; default none. */
  readonly positionEmbedding?: Block<[positions: Tensor]> | undefined;
  /** Computes the positions when a call has no `positions` option; default offset, offset + 1, … */
  readonly positionRule?: PositionRule | undefined;
  /** Maps segment ids to vectors, as in BERT; default none. */
  readonly segmentEmbedding?: Block<[ids: Tensor]> | undefined;
  /** Norm applied to the sum; default none. */
  readonly embeddingNorm?: Block | undefined;
  /** Probability of dropping an element of the result in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
  /** Maximum length of the input, for learned positions; default Infinity. */
  readonly maxLength?: number | undefined;
}

const partNames: OptionNames<InputEmbeddingParts> = {
  tokenEmbedding: true,
  positionEmbedding: true,
  positionRule: true,
  segmentEmbedding: true,
  embeddingNorm: true,
  dropout: true,
  maxLength: true,
};

/** Options of {@link InputEmbedding.apply}. */
export interface InputOptions extends Pick<LayerOptions, "positions" | "training" | "seed"> {
  /** Position of the first id, unless `positions` is set; default 0. A function gives it again for each repetition of a captured step. */
  readonly offset?: Live<number> | undefined;
  /** Segment ids, int32 `[batch, length]`, for an input with a segment embedding; default all 0. */
  readonly segments?: Tensor | undefined;
}

const optionNames: OptionNames<InputOptions> = { positions: true, training: "flag", seed: true, offset: true, segments: true };

/** The input of a model: the sum of the token, segment and position embeddings, followed by an optional norm and dropout. */
export class InputEmbedding extends Composite implements Block<[ids: Tensor, options?: InputOptions]> {
  readonly tokenEmbedding: TokenEmbeddingPart;
  readonly positionEmbedding: Block<[positions: Tensor]> | undefined;
  readonly positionRule: PositionRule;
  readonly segmentEmbedding: Block<[ids: Tensor]> | undefined;
  readonly embeddingNorm: Block | undefined;
  readonly dropout: number;
  readonly maxLength: number;

  /** @throws ValueError when the dropout is outside [0, 1), the token embedding is not a block, or a part is unknown */
  constructor(parts: InputEmbeddingParts) {
    super("InputEmbedding");
    const {
      tokenEmbedding,
      positionRule = countedPositions,
      dropout = 0,
      maxLength = Infinity,
    } = checkOptions("InputEmbedding", parts, partNames, "part");
    this.tokenEmbedding = checkBlock("InputEmbedding", "tokenEmbedding", tokenEmbedding);
    this.positionEmbedding = parts.positionEmbedding;
    this.positionRule = positionRule;
    this.segmentEmbedding = parts.segmentEmbedding;
    this.embeddingNorm = parts.embeddingNorm;
    checkRate("InputEmbedding", "dropout", dropout);
    this.dropout = dropout;
    this.maxLength = maxLength;
  }

  /** Whether positions are embedded and, unless a call gives them, counted from its first id. */
  get countsPositions(): boolean {
    return this.positionEmbedding !== undefined && this.positionRule === countedPositions;
  }

  /**
   * @param ids int32 `[batch, length]`
   * @returns `[batch, length, dModel]`
   * @throws ValueError when an id is outside the vocabulary, the input is longer than `maxLength`, a position of `positions` is
   *   beyond it, segments are given although there is no segment embedding, or an option is unknown
   */
  apply(ids: Tensor, options: InputOptions = {}): Tensor {
    const { positionEmbedding, segmentEmbedding, embeddingNorm } = this;
    const { offset = 0, positions, segments } = checkOptions("InputEmbedding.apply", options, optionNames);
    checkShapes("InputEmbedding.apply", { ids: [ids, "batch length", "int32"] });
    if (positions === undefined) checkEachRun(() => this.#checkLength(ids.shape[1]!, current(offset)));
    if (segments !== undefined && segmentEmbedding === undefined) {
      const advice = "leave them out, or use a model with segments, such as BERT";
      refuse(
        ValueError,
        "InputEmbedding.apply",
        "segments",
        "undefined, as there is no segment embedding",
        describeValue(segments),
        advice,
      );
    }
    return scope(() => {
      let x: Tensor = this.tokenEmbedding.apply(ids); // [batch, length, dModel]
      if (segmentEmbedding !== undefined) x = add(x, segmentEmbedding.apply(segments ?? zerosLike(ids)));
      if (positionEmbedding !== undefined) x = add(x, positionEmbedding.apply(positions ?? this.#positions(ids, offset)));
      return dropped("InputEmbedding.apply", embeddingNorm?.apply(x) ?? x, this.dropout, "embedding", options);
    });
  }

  parts(): Parts {
    const { tokenEmbedding, positionEmbedding, segmentEmbedding, embeddingNorm } = this;
    return { tokenEmbedding, positionEmbedding, segmentEmbedding, embeddingNorm };
  }

  #positions(ids: Tensor, offset: Live<number>): Tensor {
    if (this.positionRule !== countedPositions) return this.positionRule(ids, current(offset));
    const length = ids.shape[1]!;
    return liveTensor(() => Int32Array.from({ length }, (_, at) => current(offset) + at), [length]);
  }

  #checkLength(length: number, offset: number): void {
    if (offset + length <= this.maxLength) return;
    const received = offset === 0 ? `${length}` : `${length} after ${offset}`;
    refuse(ValueError, "InputEmbedding.apply", "ids", `at most maxLength = ${this.maxLength} tokens long`, received, "shorten the input");
  }
}

/** int32 `[length]`: offset, offset + 1, … */
const countedPositions: PositionRule = (ids, offset) => range(offset, offset + ids.shape[1]!, 1, "int32");
