import type { Precision } from "@tfblocks/quantization";
import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ModelConfig } from "../families/shared/config-reader.js";

/** How the weights of a folder are quantised, as mlx-lm writes it in the field `quantization` of a config. */
export interface Quantization extends Precision {
  /** Other precisions of single layers, by the names of their weights without `.weight`; false for a layer that is not quantised. */
  readonly layers: ReadonlyMap<string, Precision | false>;
}

/**
 * Reads `quantization` of a config; undefined where there is none.
 *
 * @throws ValueError when it is of another kind than mlx-lm's affine one of 4 or 8 bits, among them the kinds of
 *   `quantization_config` that transformers reads
 */
export function readQuantization(config: ModelConfig): Quantization | undefined {
  const { quantization, quantization_config: foreign } = config;
  refuseMethod(foreign);
  if (quantization === undefined || quantization === null) {
    return foreign === undefined || foreign === null ? undefined : refuseField("_config", "absent, or equal to quantization", foreign);
  }
  if (foreign !== undefined && foreign !== null && JSON.stringify(foreign) !== JSON.stringify(quantization)) {
    refuseField("_config", "equal to quantization", foreign);
  }
  if (!isObject(quantization)) return refuseField("", "an object", quantization);
  const layers = Object.entries(quantization).filter(([name]) => !precisionFields.includes(name));
  const common = readPrecision("", quantization);
  return { ...common, layers: new Map(layers.map(([name, value]) => [name, readLayer(name, value, common)])) };
}

/** The config without what {@link readQuantization} reads. */
export function withoutQuantization(config: ModelConfig): ModelConfig {
  const { quantization: _quantization, quantization_config: _foreign, ...others } = config;
  return others;
}

/** The fields of a config that describe precisions by the names of layers. */
export function writeQuantization(precisions: ReadonlyMap<string, Precision>): ModelConfig {
  const counts = new Map<string, number>();
  const texts = new Map(Array.from(precisions, ([name, each]) => [name, JSON.stringify(written(each))]));
  for (const text of texts.values()) counts.set(text, (counts.get(text) ?? 0) + 1);
  const common = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
  const others = [...texts].filter(([, text]) => text !== common).map(([name, text]) => [name, JSON.parse(text) as object]);
  const quantization = { ...(JSON.parse(common) as object), ...Object.fromEntries(others) };
  return { quantization, quantization_config: quantization };
}

const precisionFields = ["group_size", "bits", "mode"];

function written({ groupSize, bits }: Precision) {
  return { group_size: groupSize, bits, mode: "affine" };
}

function readLayer(name: string, value: unknown, common: Precision): Precision | false {
  if (typeof value === "boolean") return value && common;
  if (!isObject(value)) return refuseField(`["${name}"]`, "an object, true or false", value);
  const unknown = Object.keys(value).find((each) => !precisionFields.includes(each));
  if (unknown !== undefined) refuseField(`["${name}"].${unknown}`, "absent", value[unknown]);
  return readPrecision(`["${name}"]`, value);
}

function readPrecision(path: string, { group_size: groupSize, bits, mode = "affine" }: ModelConfig): Precision {
  if (mode !== "affine") refuseField(`${path}.mode`, '"affine"', mode);
  if (bits !== 4 && bits !== 8) return refuseField(`${path}.bits`, "4 or 8", bits);
  const sizes = [16, 32, 64, 128];
  if (!sizes.includes(groupSize as number)) refuseField(`${path}.group_size`, "16, 32, 64 or 128", groupSize);
  return { bits, groupSize: groupSize as number };
}

/** @throws ValueError that names the method of bitsandbytes, GPTQ, AWQ, FP8, … */
function refuseMethod(foreign: unknown): void {
  if (!isObject(foreign) || foreign["quant_method"] === undefined) return;
  const advice = "load the original weights, with { quantize: 8 }";
  refuse(ValueError, "loadModel", "config.quantization_config.quant_method", "absent", describeValue(foreign["quant_method"]), advice);
}

function refuseField(path: string, expected: string, received: unknown): never {
  return refuse(ValueError, "loadModel", `config.quantization${path}`, expected, describeValue(received));
}

function isObject(value: unknown): value is ModelConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
