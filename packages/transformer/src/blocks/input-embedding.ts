import { add, range, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { type Block, checkNumber, checkShapes, isRate, refuse, scope, ValueError, Composite, type Parts } from "@tfblocks/tensor-utils";
import type { LayerOptions } from "./layer-options.js";
import { dropped } from "./sublayers.js";
import type { TokenEmbedding } from "./token-embedding.js";

/** Parts of an {@link InputEmbedding}; it disposes them. */
export interface InputEmbeddingParts {
  readonly tokenEmbedding: TokenEmbedding;
  /** A vector for each position, a map of int32 positions, as `LearnedPositions` of `@tfblocks/positional`; default none. */
  readonly positionEmbedding?: Block<[positions: Tensor]> | undefined;
  /** A vector for each segment, as BERT has; default none. */
  readonly segmentEmbedding?: TokenEmbedding | undefined;
  /** Applied to the sum; default none. */
  readonly embeddingNorm?: Block | undefined;
  /** Probability of dropping a number of the result in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
  /** Longest input, where positions are learned; default any. */
  readonly maxLength?: number | undefined;
}

/** What the input takes beside ids. */
export interface InputOptions extends Pick<LayerOptions, "positions" | "training" | "seed"> {
  /** Position of the first id, where none are given; default 0. */
  readonly offset?: number | undefined;
  /** int32 `[batch, length]`; default all 0. */
  readonly segments?: Tensor | undefined;
}

/** Where a model's stream begins: the sum of the embeddings of tokens, segments and positions, normed. */
export class InputEmbedding extends Composite implements Block<[ids: Tensor, options?: InputOptions]> {
  readonly tokenEmbedding: TokenEmbedding;
  readonly maxLength: number;
  readonly #parts: InputEmbeddingParts;

  /** @throws ValueError when the dropout is outside [0, 1) */
  constructor(parts: InputEmbeddingParts) {
    super("InputEmbedding");
    checkNumber("InputEmbedding", "dropout", "a number in [0, 1)", parts.dropout ?? 0, isRate);
    this.tokenEmbedding = parts.tokenEmbedding;
    this.maxLength = parts.maxLength ?? Infinity;
    this.#parts = parts;
  }

  /**
   * @param ids int32 `[batch, length]`
   * @returns `[batch, length, dModel]`
   * @throws ValueError when an id is outside the vocabulary, or the input longer than `maxLength`
   */
  apply(ids: Tensor, options: InputOptions = {}): Tensor {
    const { positionEmbedding, segmentEmbedding, embeddingNorm, dropout = 0 } = this.#parts;
    const { offset = 0, positions, segments } = options;
    checkShapes("InputEmbedding.apply", { ids: [ids, "batch length", "int32"] });
    this.#checkLength(ids.shape[1]!, offset);
    return scope(() => {
      let x: Tensor = this.tokenEmbedding.apply(ids);
      if (segmentEmbedding !== undefined) x = add(x, segmentEmbedding.apply(segments ?? zerosLike(ids)));
      if (positionEmbedding !== undefined) x = add(x, positionEmbedding.apply(positions ?? counted(ids, offset)));
      return dropped(embeddingNorm?.apply(x) ?? x, dropout, "embedding", options);
    });
  }

  parts(): Parts {
    const { tokenEmbedding, positionEmbedding, segmentEmbedding, embeddingNorm } = this.#parts;
    return { tokenEmbedding, positionEmbedding, segmentEmbedding, embeddingNorm };
  }

  #checkLength(length: number, offset: number): void {
    if (offset + length <= this.maxLength) return;
    const received = offset === 0 ? `${length}` : `${length} after ${offset}`;
    refuse(ValueError, "InputEmbedding.apply", "ids", `at most maxLength = ${this.maxLength} tokens long`, received, "shorten the input");
  }
}

/** int32 `[length]`: offset, offset + 1, … */
function counted(ids: Tensor, offset: number): Tensor {
  return range(offset, offset + ids.shape[1]!, 1, "int32");
}
