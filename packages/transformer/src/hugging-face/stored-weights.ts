import type { Precision } from "@tfblocks/quantization";
import { DTypeError, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader } from "@tfblocks/weights";
import type { MlxName } from "../families/family.js";
import type { Quantization } from "./mlx-config.js";

/** A tensor of a model as its file holds it. */
export interface StoredEntry {
  /** Its name in the file. */
  readonly name: string;
  /** The shape of the numbers that it stands for. */
  readonly shape: readonly number[];
  /** How it is quantised; undefined where it is not. */
  readonly precision?: Precision | undefined;
}

/** The tensors of a model by the names that transformers gives them. */
export type StoredWeights = ReadonlyMap<string, StoredEntry>;

/** The dtypes that become float32. */
const floats = ["F32", "F16", "BF16", "F64"];

/**
 * What weights hold. A quantised tensor of mlx-lm is one entry, whose scales and biases are no entries of their own.
 *
 * @param quantization of the config
 * @param mlxNames of the family
 * @throws ValueError, DTypeError, ShapeError that names the first tensor which contradicts the config
 */
export function storedWeights(
  weights: SafetensorsReader,
  quantization: Quantization | undefined,
  mlxNames: readonly MlxName[],
): StoredWeights {
  const names = new Set(weights.names);
  const quantized = weights.names.flatMap((name) => (name.endsWith(".scales") ? [name.slice(0, -".scales".length)] : []));
  checkPresence(quantized, quantization, names);
  if (quantization === undefined) return new Map(weights.names.map((name) => [name, { name, shape: weights.info(name).shape }]));
  const hidden = new Set(quantized.flatMap((layer) => [`${layer}.scales`, `${layer}.biases`]));
  const entries = weights.names.filter((name) => !hidden.has(name));
  return new Map(entries.map((name) => [transformersName(name, mlxNames), entryOf(weights, name, quantization, names)]));
}

/** The names of the words, scales and biases of a quantised tensor. */
export function tensorsOf({ name }: StoredEntry): readonly [words: string, scales: string, biases: string] {
  const layer = layerOf(name);
  return [name, `${layer}.scales`, `${layer}.biases`];
}

/** The name in the folders of mlx-lm. */
export function mlxName(name: string, mlxNames: readonly MlxName[]): string {
  const found = mlxNames.find(([huggingFace]) => name.startsWith(huggingFace));
  return found === undefined ? name : found[1] + name.slice(found[0].length);
}

/** The name of a layer by that of its weight. */
export function layerOf(name: string): string {
  return name.replace(/\.weight$/, "");
}

/** Whether the numbers of a tensor become float32. */
export function isFloat(weights: SafetensorsReader, name: string): boolean {
  return floats.includes(weights.info(name).dtype);
}

function transformersName(name: string, mlxNames: readonly MlxName[]): string {
  const found = mlxNames.find(([, mlx]) => name.startsWith(mlx));
  return found === undefined ? name : found[0] + name.slice(found[1].length);
}

/** The config and the weights must agree on what is quantised. */
function checkPresence(quantized: readonly string[], quantization: Quantization | undefined, names: ReadonlySet<string>): void {
  const [first] = quantized;
  if (quantization === undefined) {
    if (first === undefined) return;
    refuse(ValueError, "loadModel", "config.quantization", `given for weights with "${first}.scales"`, "undefined");
  }
  if (first === undefined) refuse(ValueError, "loadModel", "config.quantization", "absent for weights without scales", "an object");
  for (const [layer, precision] of quantization.layers) {
    const [expected, received] = precision === false ? ["absent", "scales"] : ["there", "no such tensor"];
    if (names.has(`${layer}.scales`) === (precision === false)) {
      refuse(ValueError, "loadModel", `weights["${layer}.scales"]`, `${expected}, as config.quantization says`, received);
    }
  }
}

function entryOf(weights: SafetensorsReader, name: string, quantization: Quantization, names: ReadonlySet<string>): StoredEntry {
  const { shape } = weights.info(name);
  const layer = layerOf(name);
  if (name === layer || !names.has(`${layer}.scales`)) return { name, shape };
  const precision = quantization.layers.get(layer) || quantization;
  if (!names.has(`${layer}.biases`)) {
    refuse(ValueError, "loadModel", `weights["${layer}.biases"]`, "there, beside the scales", "no such tensor");
  }
  return { name, shape: numbersOf(weights, name, precision), precision: { bits: precision.bits, groupSize: precision.groupSize } };
}

/** The shape of the numbers that words stand for, which the scales and biases must fit. */
function numbersOf(weights: SafetensorsReader, name: string, { bits, groupSize }: Precision): readonly [number, number] {
  const [, scales, biases] = tensorsOf({ name, shape: [] });
  const { dtype, shape } = weights.info(name);
  if (dtype !== "U32") refuseDType(name, "U32, for weights with scales", dtype);
  const [outFeatures = 0, words = 0] = shape;
  const inFeatures = (words * 32) / bits;
  const groups = [outFeatures, inFeatures / groupSize];
  for (const each of [scales, biases]) {
    if (!isFloat(weights, each)) refuseDType(each, "F32, F16, BF16 or F64", weights.info(each).dtype);
    const received = weights.info(each).shape;
    if (shape.length === 2 && received.join() === groups.join()) continue;
    const expected = `[${groups.join(", ")}], for words [${shape.join(", ")}] with ${bits} bits in groups of ${groupSize}`;
    refuse(ShapeError, "loadModel", `weights["${each}"]`, expected, `[${received.join(", ")}]`);
  }
  return [outFeatures, inFeatures];
}

function refuseDType(name: string, expected: string, received: string): never {
  throw new DTypeError({ operation: "loadModel", argument: `weights["${name}"]`, expected: `of ${expected}`, received });
}
