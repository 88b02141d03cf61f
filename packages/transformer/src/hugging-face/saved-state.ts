import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import type { Precision, QuantizedMatrix } from "@tfblocks/quantization";
import { refuse, scope, type StateDict, ValueError } from "@tfblocks/tensor-utils";
import type { StoredTensor, WrittenState } from "@tfblocks/weights";
import { type LayoutOptions, planToLayout, toLayout } from "@tfblocks/weights/layouts";
import { families } from "../families/registry.js";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { layoutOptions } from "../families/shared/layout-options.js";
import { checkModel } from "./check-model.js";
import { writeQuantization } from "./mlx-config.js";
import { mlxLayout } from "./mlx-layout.js";
import type { Pretrained } from "./pretrained.js";
import { groupsDType, type JoinedMatrices, matricesOf, precisionOf, storedMatrices } from "./quantized-state.js";
import { layerOf, mlxName } from "./stored-weights.js";

/** What is written of a model. */
export interface SavedState {
  /** Under Hugging Face's names or, of a quantised model, those of mlx-lm; the caller owns the tensors. */
  readonly weights: WrittenState;
  /** Of the file: readers look for its format. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What the config says of the weights. */
  readonly config: ModelConfig;
}

/** @throws ValueError when the model is not what the sizes say, or is quantised in a way that no file expresses */
export function savedState(operation: string, pretrained: Pretrained): SavedState {
  const matrices = matricesOf(pretrained.model);
  return matrices.size === 0
    ? { weights: theirState(operation, pretrained), metadata: { format: "pt" }, config: {} }
    : quantizedState(operation, pretrained, matrices);
}

/**
 * The parameters of a model that is not quantised under Hugging Face's names; the caller owns them.
 *
 * @throws ValueError when the model is quantised, or not what the sizes say
 */
export function theirState(operation: string, pretrained: Pretrained): StateDict {
  const { family, sizes, model } = pretrained;
  if (matricesOf(model).size > 0) refuse(ValueError, operation, "model", "one without quantised parts", "one with them");
  checkModel(operation, family, sizes, model);
  const ours = model.stateDict();
  try {
    return scope(() => toLayout(families[family].layout, ours, optionsOf(pretrained)));
  } finally {
    dispose(ours);
  }
}

function optionsOf({ family, sizes }: Pretrained): LayoutOptions {
  const { layout } = families[family];
  const prefix = "languageHead" in sizes && !sizes.languageHead ? "" : layout.prefix;
  return { ...layoutOptions(layout, sizes), prefix };
}

function quantizedState(operation: string, pretrained: Pretrained, matrices: ReadonlyMap<string, QuantizedMatrix>): SavedState {
  const { family, sizes, model } = pretrained;
  checkModel(operation, family, sizes, model);
  const { layout, mlxNames } = families[family];
  const parameters = model.parameters();
  const plan = planToLayout(mlxLayout(layout), shapesOf(parameters, matrices), optionsOf(pretrained));
  const dtype = groupsDType(matrices.values());
  const weights: Record<string, Tensor | StoredTensor> = {};
  const precisions = new Map<string, Precision>();
  try {
    for (const [theirs, ours] of plan.entries) {
      const name = mlxName(theirs, mlxNames);
      if (!ours.some((each) => matrices.has(each))) weights[name] = plan.convert(theirs, parameters);
      else {
        const joined: JoinedMatrices = { matrices: picked(operation, ours, matrices), rows: plan.rows(theirs)! };
        precisions.set(layerOf(name), precisionOf(operation, joined));
        Object.assign(weights, storedMatrices(layerOf(name), joined, dtype));
      }
    }
    return { weights, metadata: { format: "mlx" }, config: writeQuantization(precisions) };
  } catch (error) {
    dispose(weights as StateDict);
    throw error;
  }
}

function shapesOf(parameters: StateDict, matrices: ReadonlyMap<string, QuantizedMatrix>): Record<string, readonly number[]> {
  const plain = Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const);
  const quantized = Array.from(matrices, ([name, { outFeatures, inFeatures }]) => [name, [outFeatures, inFeatures]] as const);
  return Object.fromEntries([...plain, ...quantized]);
}

/** The matrices of one tensor of a file, which must all be quantised. */
function picked(
  operation: string,
  names: readonly string[],
  matrices: ReadonlyMap<string, QuantizedMatrix>,
): Readonly<Record<string, QuantizedMatrix>> {
  const plain = names.find((each) => !matrices.has(each));
  if (plain === undefined) return Object.fromEntries(names.map((each) => [each, matrices.get(each)!]));
  const others = names.filter((each) => each !== plain).join(", ");
  return refuse(ValueError, operation, `model.${plain}`, `quantised as ${others}, with which it is one tensor of the file`, "float32");
}
