import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, checkShapes, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { activeRecorder, current, type Live, liveTensor } from "@tfblocks/tensor-utils/steps";
import { frequenciesOf } from "./inverse-frequencies.js";
import { anglesAt, lengthOf } from "./rotary-angles.js";
import { type ResolvedRotaryConfig, resolveRotaryConfig, type RotaryConfig } from "./rotary-config.js";
import { rotate } from "./rotate.js";

/** The positions of the tokens of one call. */
export interface RotaryOptions {
  /**
   * Position of each token, int32 `[length]` or, for packed documents and left padding, `[batch, length]`; each >= 0.
   * They are read back to main memory, which stalls a graphics backend unless the tensor was created from numbers.
   */
  readonly positions?: Tensor | undefined;
  /**
   * The position of the first token when `positions` is absent; the others follow it one by one. Default 0. A function gives it again for
   * each repetition of a captured step.
   */
  readonly offset?: Live<number> | undefined;
}

const operation = "RotaryEmbedding.apply";
const optionNames: OptionNames<RotaryOptions> = { positions: true, offset: true };

/** The largest position that an int32 tensor can hold. */
const lastPosition = 2 ** 31 - 1;

/**
 * Rotary position embedding: rotates each pair (a, b) of dimensions by the angle position · frequency, to
 * (a cos - b sin, b cos + a sin). The product of a query and a key then depends only on the distance between their
 * positions. Su et al. 2021, https://arxiv.org/abs/2104.09864. See {@link RotaryConfig} for pairings and scalings.
 *
 * It has no parameters and owns no tensors. It caches the angles of its last call, which the next layer usually needs.
 */
export class RotaryEmbedding {
  readonly config: ResolvedRotaryConfig;
  #last: Factors | undefined;

  /** @throws ValueError when a size or number is out of range, or a name is unknown */
  constructor(config: RotaryConfig) {
    this.config = resolveRotaryConfig("RotaryEmbedding", config);
    frequenciesOf("RotaryEmbedding", this.config, 1);
  }

  /**
   * @param x `[batch, heads, length, headDim]`, queries or keys
   * @returns `[batch, heads, length, headDim]`; dimensions from rotaryDim on are unchanged
   * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor of that shape, or positions are
   *   not a live int32 tensor `[length]` or `[batch, length]`
   * @throws ValueError when a position is negative, or both positions and an offset are given
   */
  apply(x: Tensor, options: RotaryOptions = {}): Tensor {
    const { positions, offset = 0 } = checkOptions(operation, options, optionNames);
    const { batch, length } = checkShapes(
      operation,
      { x: [x, "batch heads length headDim"] },
      { headDim: [this.config.headDim, "config"] },
    );
    const given = positions === undefined ? undefined : readPositions(positions, current(offset), batch, length);
    const shape = [positions?.rank === 2 ? batch : 1, length, this.config.rotaryDim / 2];
    const factors = () => this.#factorsAt(given ?? consecutive(current(offset), length));
    const fixed = typeof offset === "function" && activeRecorder() !== undefined ? undefined : factors();
    const table = (name: "cos" | "sin") => (fixed ? tensor(fixed[name], shape) : liveTensor(() => factors()[name], shape));
    return rotate(x, () => ({ cos: table("cos"), sin: table("sin") }), { pairing: this.config.pairing, inverse: false });
  }

  #factorsAt(positions: Int32Array): Factors {
    if (this.#last === undefined || !isSame(this.#last.positions, positions)) this.#last = factorsAt(this.config, positions);
    return this.#last;
  }
}

/** attentionFactor · cos and sin of the angles at each position, `[positions, rotaryDim / 2]`. */
interface Factors {
  readonly positions: Int32Array;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

function factorsAt(config: ResolvedRotaryConfig, positions: Int32Array): Factors {
  const found = frequenciesOf(operation, config, lengthOf(positions));
  const angles = anglesAt(positions, found);
  const [cos, sin] = [new Float32Array(angles.length), new Float32Array(angles.length)];
  for (let at = 0; at < angles.length; at++) {
    cos[at] = found.attentionFactor * Math.cos(angles[at]!);
    sin[at] = found.attentionFactor * Math.sin(angles[at]!);
  }
  return { positions, cos, sin };
}

function consecutive(offset: number, length: number): Int32Array {
  checkInteger(operation, "offset", offset, 0, lastPosition - length);
  const positions = new Int32Array(length);
  for (let at = 0; at < length; at++) positions[at] = offset + at;
  return positions;
}

function readPositions(positions: Tensor, offset: number, batch: number, length: number): Int32Array {
  if (offset !== 0) {
    refuse(ValueError, operation, "offset", "0 when positions are given", describeValue(offset), "add the offset to the positions");
  }
  const layout = positions?.rank === 2 ? "batch length" : "length";
  checkShapes(operation, { positions: [positions, layout, "int32"] }, { batch: [batch, "x"], length: [length, "x"] });
  const values = Int32Array.from(positions.dataSync());
  const negative = values.find((position) => position < 0);
  if (negative !== undefined) refuse(ValueError, operation, "positions", ">= 0", negative);
  return values;
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((position, index) => position === b[index]);
}
