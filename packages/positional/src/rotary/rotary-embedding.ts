import { type Tensor, tensor3d } from "@tensorflow/tfjs-core";
import { checkInteger, checkObject, checkShapes, checkUnknown, describeValue, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { frequenciesOf } from "./inverse-frequencies.js";
import { anglesAt, lengthOf } from "./rotary-angles.js";
import { type ResolvedRotaryConfig, resolveRotaryConfig, type RotaryConfig } from "./rotary-config.js";
import type { RotaryTables } from "./composed-rotation.js";
import { rotate } from "./rotate.js";

/** Where the tokens of one call stand. */
export interface RotaryOptions {
  /**
   * Position of each token, int32 `[length]` or, for packed documents and left padding, `[batch, length]`; each >= 0.
   * They are read from main memory: on a graphics processor make them anew rather than compute them there.
   */
  readonly positions?: Tensor | undefined;
  /** Without `positions`: the position of the first token, from which they count up; default 0. */
  readonly offset?: number | undefined;
}

const operation = "RotaryEmbedding.apply";

/** The last position that an int32 tensor can hold. */
const lastPosition = 2 ** 31 - 1;

/**
 * Rotary position embedding: turns each pair (a, b) of dimensions by position · frequency, into
 * (a cos - b sin, b cos + a sin), so that a query · key product depends on the distance of their positions alone.
 * Su et al. 2021, https://arxiv.org/abs/2104.09864. See {@link RotaryConfig} for pairings and scalings.
 *
 * It has no parameters and owns no tensors; the angles of its last call are kept, for the next layer asks for the same.
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
   * @returns `[batch, heads, length, headDim]`; dimensions from rotaryDim on are as they were
   * @throws ShapeError, DTypeError, DisposedError when x is not that, or positions are no int32 `[length]` or `[batch, length]`
   * @throws ValueError when a position is negative, or both positions and an offset are given
   */
  apply(x: Tensor, options: RotaryOptions = {}): Tensor {
    const { positions, offset = 0, ...unknown } = checkObject(operation, "options", options);
    checkUnknown(operation, "options", unknown);
    const { batch, length } = checkShapes(
      operation,
      { x: [x, "batch heads length headDim"] },
      { headDim: [this.config.headDim, "config"] },
    );
    const values = positions === undefined ? countUp(offset, length) : readPositions(positions, offset, batch, length);
    return scope(() => rotate(x, this.#tables(values, length), { pairing: this.config.pairing, inverse: false }));
  }

  #tables(positions: Int32Array, length: number): RotaryTables {
    if (this.#last === undefined || !isSame(this.#last.positions, positions)) this.#last = factorsAt(this.config, positions);
    const { cos, sin } = this.#last;
    const shape: [number, number, number] = [length === 0 ? 1 : positions.length / length, length, this.config.rotaryDim / 2];
    return { cos: tensor3d(cos, shape), sin: tensor3d(sin, shape) };
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

function countUp(offset: number, length: number): Int32Array {
  checkInteger(operation, "offset", offset, 0, lastPosition - length);
  return Int32Array.from({ length }, (_, index) => offset + index);
}

function readPositions(positions: Tensor, offset: number, batch: number, length: number): Int32Array {
  if (offset !== 0) refuse(ValueError, operation, "offset", "0 beside positions", describeValue(offset), "add it to the positions");
  const layout = positions?.rank === 2 ? "batch length" : "length";
  checkShapes(operation, { positions: [positions, layout, "int32"] }, { batch: [batch, "x"], length: [length, "x"] });
  const values = Int32Array.from(positions.dataSync());
  const negative = values.find((position) => position < 0);
  if (negative !== undefined) refuse(ValueError, operation, "positions", ">= 0", negative);
  return values;
}

function isSame(ours: Int32Array, theirs: Int32Array): boolean {
  return ours.length === theirs.length && ours.every((position, index) => position === theirs[index]);
}
