import { add, scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  checkInteger,
  checkTensor,
  type Defaults,
  derived,
  embedding,
  type Initializer,
  normalInit,
  parameter,
  Random,
  readsWithoutStalling,
  refuse,
  scope,
  size,
  ValueError,
  type Parts,
  withDefaults,
} from "@tfblocks/tensor-utils";
import { checkEachRun } from "@tfblocks/tensor-utils/steps";

/** Sizes of {@link LearnedPositions}. */
export interface LearnedPositionsSizes {
  /** Rows of the table, including those below `offset`. */
  readonly maxLength: number;
  readonly dModel: number;
  /** The row of position 0; 2 in OPT and RoBERTa, whose tables start with rows for padding. Default 0. */
  readonly offset?: number;
  /** Default `normalInit(0.02)`. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

const defaults: Defaults<LearnedPositionsSizes> = {
  maxLength: size,
  dModel: size,
  offset: 0,
  init: normalInit(0.02),
  random: derived(() => new Random(0)),
};

/**
 * A learned vector for each position: output[..., :] = weight[positions[...] + offset, :], as in GPT-2 and BERT.
 * Gehring et al. 2017.
 *
 * Parameter: `weight` `[maxLength, dModel]`.
 */
export class LearnedPositions extends Composite implements Block<[positions: Tensor]> {
  readonly weight: Variable;
  /** The row of position 0. */
  readonly offset: number;

  /** @throws ValueError when a size is not a positive integer or is unknown, or the offset leaves no row */
  constructor(sizes: LearnedPositionsSizes) {
    super("LearnedPositions");
    const { maxLength, dModel, offset, init, random } = withDefaults("LearnedPositions", sizes, defaults);
    checkInteger("LearnedPositions", "offset", offset, 0, maxLength - 1);
    this.offset = offset;
    this.weight = parameter(() => init([maxLength, dModel], random.split("weight")));
  }

  /**
   * @param positions int32 `[...]`, each 0 .. maxLength - offset - 1
   * @returns `[..., dModel]`
   * @throws ValueError when a position has no row. On a graphics processor positions are not checked, because reading
   *   them would stall it; the row of a wrong position is undefined
   * @throws DTypeError, DisposedError when positions are not a live int32 tensor, or the weight was disposed
   */
  apply(positions: Tensor): Tensor {
    checkTensor("LearnedPositions.apply", "positions", positions, "int32");
    checkEachRun(() => this.#checkRange(positions));
    if (this.offset === 0) return embedding(this.weight, positions);
    return scope(() => embedding(this.weight, add(positions, scalar(this.offset, "int32"))));
  }

  parts(): Parts {
    return { weight: this.weight };
  }

  #checkRange(positions: Tensor): void {
    if (!readsWithoutStalling()) return;
    const last = this.weight.shape[0]! - this.offset - 1;
    const wrong = positions.dataSync().find((position) => position < 0 || position > last);
    if (wrong === undefined) return;
    refuse(ValueError, "LearnedPositions.apply", "positions", `from 0 to ${last} (maxLength - offset - 1)`, wrong);
  }
}
