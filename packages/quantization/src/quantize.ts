import { Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkOptions,
  type Composite,
  describeValue,
  Linear,
  parameter,
  refuse,
  replaceParts,
  takeOver,
  ValueError,
  walkParts,
} from "@tfblocks/tensor-utils";
import { allowRepetition, mayBeRepeated } from "@tfblocks/tensor-utils/steps";
import { checkPrecision, type Precision } from "./group-size.js";
import { QuantizedEmbedding } from "./quantized-embedding.js";
import { QuantizedLinear } from "./quantized-linear.js";
import { QuantizedMatrix } from "./quantized-matrix.js";

/** Options of {@link quantize}. */
export interface QuantizeOptions {
  /** Bits of a code: 8 (symmetric) or 4 (affine). */
  readonly bits: 4 | 8;
  /** Inputs that share a scale: 16, 32, 64 or 128; default 64. */
  readonly groupSize?: number;
  /** Names of the parts to quantise, with `*` for one word, as in `replaceParts`; default every `Linear` and token embedding. */
  readonly parts?: string | readonly string[];
}

/**
 * A block of the same class whose linear maps and token embeddings have 4 or 8 bits. A tied head stays tied. Everything else is
 * shared with the block, which does not change: dispose it after the new one.
 *
 * @throws ValueError when an option is unknown or out of range; groupSize does not divide the inputs of a part; a pattern matches no
 *   part, or one that is neither a `Linear` nor a token embedding; or a weight is not finite. Nothing is left in memory.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { feedForward } from "@tfblocks/feed-forward";
 * import { quantize } from "@tfblocks/quantization";
 *
 * await setBackend("cpu");
 * const network = feedForward({ dModel: 64 });
 * const small = quantize(network, { bits: 8 });
 * console.log(Object.keys(small.buffers())); // [ 'up.weight.codes', 'up.weight.scales', 'down.weight.codes', 'down.weight.scales' ]
 * ```
 */
export function quantize<Kind extends Composite>(block: Kind, options: QuantizeOptions): Kind {
  const { precision, patterns } = checkedOptions("quantize", block, options);
  const quantized = (part: object, name: string) => {
    if (isWrapper(part)) return undefined;
    checkPart("quantize", part, name, precision);
    return quantizedPart(part, QuantizedMatrix.of(part.weight, precision), part instanceof Linear ? copied(part.bias) : undefined);
  };
  return asRepeatable(replaceParts(block, patterns, quantized, "quantize"), block);
}

/**
 * The parts of a block that {@link quantize} would quantise, with their precisions, for weights that are quantised as they are read: the
 * parameters of the block need no numbers.
 *
 * @param operation the name of the caller for errors
 * @throws ValueError as {@link quantize}, but for weights that are not finite
 */
export function partsToQuantize(operation: string, block: Composite, options: QuantizeOptions): ReadonlyMap<string, Precision> {
  const { precision, patterns } = checkedOptions(operation, block, options);
  const found = new Map<string, Precision>();
  const note = (part: Block, name: string) => {
    if (isWrapper(part)) return undefined;
    checkPart(operation, part, name, precision);
    found.set(name, precision);
    return part;
  };
  replaceParts(block, patterns, note, operation);
  return found;
}

/**
 * A block whose parts have quantised matrices instead of their weights. It takes over everything else of the block, which must not be
 * used or disposed after that.
 *
 * @param matrices by the names of the parts, each of which is a `Linear` or a token embedding; the block takes them
 * @throws ValueError when a name is not that of such a part
 */
export function withMatrices<Kind extends Composite>(block: Kind, matrices: ReadonlyMap<string, QuantizedMatrix>): Kind {
  if (matrices.size === 0) return block;
  const quantized = (part: object, name: string) => {
    if (isWrapper(part)) return undefined;
    const matrix = matrices.get(name)!;
    checkPart("withMatrices", part, name, matrix);
    return quantizedPart(part, matrix, part instanceof Linear ? part.bias : undefined);
  };
  const made = replaceParts(block, [...matrices.keys()], quantized, "withMatrices");
  takeOver(made, block);
  return asRepeatable(made, block);
}

/** The block, whose steps may be repeated if those of the one that it is made of may. */
function asRepeatable<Kind extends Composite>(made: Kind, from: Kind): Kind {
  return mayBeRepeated(from) ? allowRepetition(made) : made;
}

interface CheckedOptions {
  readonly precision: Precision;
  readonly patterns: string | readonly string[];
}

function checkedOptions(operation: string, block: Composite, options: QuantizeOptions): CheckedOptions {
  const { bits, groupSize = 64, parts } = checkOptions(operation, options, { bits: true, groupSize: true, parts: true });
  const patterns = parts ?? walkParts(block).flatMap(([name, part]) => (isQuantizable(part) ? [name] : []));
  if (patterns.length === 0) refuse(ValueError, operation, "block", "a block with a Linear or a token embedding", describeValue(block));
  return { precision: { bits, groupSize }, patterns };
}

/** A part whose weight can be quantised. */
type Quantizable = Linear | Table;

/** A token embedding, for example `TokenEmbedding` of `@tfblocks/transformer`. */
interface Table {
  readonly weight: Variable;
  readonly scale?: number;
  readonly logits: (x: never) => unknown;
}

/** Whether a part is a `Linear` or a token embedding. */
export function isQuantizable(part: object): part is Quantizable {
  return part instanceof Linear || ("logits" in part && "weight" in part && part.weight instanceof Variable);
}

/** Whether the part that counts is inside, under the same name, as in a map with a norm. */
function isWrapper(part: object): boolean {
  return !isQuantizable(part) && "parts" in part && "" in (part as Composite).parts();
}

function checkPart(operation: string, part: object, name: string, precision: Precision): asserts part is Quantizable {
  if (!isQuantizable(part)) refuse(ValueError, operation, `parts: "${name}"`, "a Linear or a token embedding", describeValue(part));
  checkPrecision(`${operation}: "${name}"`, precision, part.weight.shape[1]!, leaveOut);
}

const leaveOut = "choose a smaller one, or name the parts to quantise in the option parts, without this one";

function quantizedPart(part: Quantizable, weight: QuantizedMatrix, bias: Variable | undefined): QuantizedLinear | QuantizedEmbedding {
  return part instanceof Linear ? new QuantizedLinear({ weight, bias }) : new QuantizedEmbedding({ weight, scale: part.scale });
}

function copied(bias: Variable | undefined): Variable | undefined {
  return bias && parameter(() => bias);
}
