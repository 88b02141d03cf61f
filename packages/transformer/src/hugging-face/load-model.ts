import {
  isQuantizable,
  partsToQuantize,
  type Precision,
  type QuantizedMatrix,
  type QuantizeOptions,
  withMatrices,
} from "@tfblocks/quantization";
import { checkOptions, type Composite, describeValue, refuse, unsetRandom, ValueError, walkParts } from "@tfblocks/tensor-utils";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import { planLayout } from "@tfblocks/weights/layouts";
import { type FamilyName, familyOf, families, type ModelOf } from "../families/registry.js";
import { ConfigReader, type ModelConfig } from "../families/shared/config-reader.js";
import { layoutOptions } from "../families/shared/layout-options.js";
import { checkPlan } from "./check-plan.js";
import { checkWeights } from "./check-weights.js";
import { fillModel } from "./fill-model.js";
import { type Quantization, readQuantization, withoutQuantization } from "./mlx-config.js";
import { mlxLayout } from "./mlx-layout.js";
import type { Pretrained } from "./pretrained.js";
import { storedWeights } from "./stored-weights.js";
import { hasTiedHead } from "./tied-head.js";

/** Where a model's config and weights come from. */
export interface ModelFiles {
  /** The parsed `config.json`, as transformers 4 or 5 writes it. */
  readonly config: unknown;
  /** Of `openSafetensors`; the caller closes it. */
  readonly weights: SafetensorsReader;
}

/** Options of {@link loadModel}. */
export interface LoadOptions extends ReadOptions {
  /**
   * Quantises linear maps and token embeddings as they are read: 8 or 4 bits, or the options of `quantize` of
   * `@tfblocks/quantization`; default not at all. The model is that of `quantize`, bit for bit.
   */
  readonly quantize?: 4 | 8 | QuantizeOptions | undefined;
}

/**
 * Builds the model that a Hugging Face config describes and loads its weights. In Node.js `loadFolder` of
 * `@tfblocks/transformer/hugging-face/node` reads both by a path.
 *
 * Names and shapes are checked before anything is read or allocated. Then one tensor after the other is read into the model, so that
 * memory holds each weight once, and beside them one tensor of the file; of a tensor that is or becomes quantised, about 8 MiB of it.
 *
 * Quantised weights of mlx-lm are read as they are, in 4 and 8 bits: tensors `weight` of packed words, `scales` and `biases`, where the
 * config has `quantization`. Codes, scales and biases stay the same.
 *
 * @throws ValueError when the config is incomplete, of an unknown or unsupported model, or of another model than the weights; when
 *   weights are quantised in another way, contradict their config, or cannot be quantised as `quantize` says
 * @throws StateDictError that names every missing, unexpected and misshapen entry
 * @throws SafetensorsError, AllocationError as the reader; nothing is left behind on any error
 */
export async function loadModel({ config, weights }: ModelFiles, options: LoadOptions = {}): Promise<Pretrained> {
  checkOptions("loadModel", options, { onProgress: true, signal: true, quantize: true });
  const modelType = new ConfigReader(config, { read: ["model_type"], only: {}, harmless: [] }).text("model_type");
  return loadFamily(familyOf(modelType), config as ModelConfig, weights, options);
}

async function loadFamily<Name extends FamilyName>(
  name: Name,
  config: ModelConfig,
  weights: SafetensorsReader,
  { quantize, ...options }: LoadOptions,
): Promise<Pretrained<Name>> {
  const family = families[name];
  const quantization = readQuantization(config);
  const quantizeOptions = checkQuantize(quantize, quantization);
  const stored = storedWeights(weights, quantization, family.mlxNames);
  const layout = quantization === undefined ? family.layout : mlxLayout(family.layout);
  const sizes = family.readConfig(withoutQuantization(config), new Set(stored.keys()));
  const layoutSizes = layoutOptions(layout, sizes);
  checkWeights(layout, layoutSizes.sizes ?? {}, stored);
  const shapes = Object.fromEntries(Array.from(stored, ([each, { shape }]) => [each, shape]));
  const tiedHead = await hasTiedHead(layout, layoutSizes.tiedHead, stored, weights, options.signal);
  const plan = planLayout(layout, shapes, { ...layoutSizes, tiedHead });
  // The shapes confirm the sizes before a model of these sizes is built. It takes no memory until it is filled.
  const model = family({ ...sizes, random: unsetRandom });
  const matrices = new Map<string, QuantizedMatrix>();
  try {
    const parameters = model.parameters();
    checkPlan(plan, parameters, stored, weights);
    const precisions = quantizeOptions === undefined ? new Map<string, Precision>() : partsToQuantize("loadModel", model, quantizeOptions);
    await fillModel({ parameters, plan, stored, weights, quantizable: quantizableParts(model), precisions, matrices }, options);
    return { family: name, sizes, model: withMatrices<Composite>(model, matrices) as ModelOf<Name> };
  } catch (error) {
    model.dispose();
    for (const each of matrices.values()) each.dispose();
    throw error;
  }
}

function checkQuantize(quantize: LoadOptions["quantize"], quantization: Quantization | undefined): QuantizeOptions | undefined {
  if (quantize === undefined) return undefined;
  const options = typeof quantize === "number" ? { bits: quantize } : quantize;
  if (typeof options !== "object" || options === null) {
    return refuse(ValueError, "loadModel", "quantize", "4, 8 or { bits, groupSize, parts }", describeValue(quantize));
  }
  if (quantization === undefined) return options;
  return refuse(ValueError, "loadModel", "quantize", "left out for weights that are quantised already", describeValue(quantize));
}

/** The names of the parts that can have a quantised weight. */
function quantizableParts(model: Composite): ReadonlySet<string> {
  return new Set(walkParts(model).flatMap(([name, part]) => (isQuantizable(part) ? [name] : [])));
}
