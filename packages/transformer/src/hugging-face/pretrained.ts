import { dispose } from "@tensorflow/tfjs-core";
import { checkOptions, scope, type StateDict, unsetRandom } from "@tfblocks/tensor-utils";
import { type ReadOptions, type SafetensorsReader, writeSafetensors } from "@tfblocks/weights";
import { planLayout, toLayout } from "@tfblocks/weights/layouts";
import { type FamilyName, familyOf, families, type ModelOf, type SizesOf } from "../families/registry.js";
import { ConfigReader, type ModelConfig } from "../families/shared/config-reader.js";
import { layoutOptions } from "../families/shared/layout-options.js";
import { checkModel } from "./check-model.js";
import { checkWeights } from "./check-weights.js";
import { configText } from "./config-text.js";
import { checkPlan, fillParameters } from "./fill-model.js";
import type { FolderContents } from "./folder-files.js";
import { keptFields } from "./kept-fields.js";
import { hasTiedHead } from "./tied-head.js";

/** A model with the family and the sizes that it was built from; whoever holds it disposes the model. `family` narrows the types of both. */
export type Pretrained<Name extends FamilyName = FamilyName> = { [Each in Name]: PretrainedAs<Each> }[Name];

interface PretrainedAs<Name extends FamilyName> {
  /** The name of the builder, for example `"llama"`. */
  readonly family: Name;
  /** As the builder takes them. */
  readonly sizes: SizesOf<Name>;
  readonly model: ModelOf<Name>;
}

/** A model to be saved, with what is kept of the folder that it was loaded from. */
export type SavedModel = Pretrained & Partial<Pick<FolderContents, "config" | "files">>;

/** Where a model's config and weights come from. */
export interface ModelFiles {
  /** The parsed `config.json`, as transformers 4 or 5 writes it. */
  readonly config: unknown;
  /** Of `openSafetensors`; the caller closes it. */
  readonly weights: SafetensorsReader;
}

/**
 * Builds the model that a Hugging Face config describes and loads its weights. In Node.js `loadFolder` of
 * `@tfblocks/transformer/hugging-face/node` reads both by a path.
 *
 * Names and shapes are checked before anything is read or allocated. Then one tensor after the other is read into the model, so that
 * memory holds each weight once, and beside them one tensor of the file.
 *
 * @param options `onProgress` and `signal`, as of the reader
 * @throws ValueError when the config is incomplete, of an unknown or unsupported model, or of another model than the weights
 * @throws StateDictError that names every missing, unexpected and misshapen entry
 * @throws SafetensorsError, AllocationError as the reader; nothing is left behind on any error
 */
export async function loadModel({ config, weights }: ModelFiles, options: ReadOptions = {}): Promise<Pretrained> {
  checkOptions("loadModel", options, { onProgress: true, signal: true });
  const modelType = new ConfigReader(config, { read: ["model_type"], only: {}, harmless: [] }).text("model_type");
  return loadFamily(familyOf(modelType), config, weights, options);
}

async function loadFamily<Name extends FamilyName>(
  name: Name,
  config: unknown,
  weights: SafetensorsReader,
  options: ReadOptions,
): Promise<Pretrained<Name>> {
  const family = families[name];
  const sizes = family.readConfig(config, new Set(weights.names));
  const layout = layoutOptions(family.layout, sizes);
  checkWeights(family.layout, layout.sizes ?? {}, weights);
  const shapes = Object.fromEntries(weights.names.map((each) => [each, weights.info(each).shape]));
  const tiedHead = await hasTiedHead(family.layout, layout.tiedHead, weights, options.signal);
  const plan = planLayout(family.layout, shapes, { ...layout, tiedHead });
  // The shapes confirm the sizes before a model of these sizes is built. It takes no memory until it is filled.
  const model = family({ ...sizes, random: unsetRandom });
  try {
    const parameters = model.parameters();
    checkPlan(plan, parameters, weights);
    await fillParameters(parameters, plan, weights, options);
    return { family: name, sizes, model };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** transformers looks for this in the weights that it reads. */
export const metadata: Readonly<Record<string, string>> = { format: "pt" };

/**
 * A model as the files of a Hugging Face folder, which transformers' `from_pretrained` reads: `config.json`, in the forms of
 * transformers 4 and 5 at once, and `model.safetensors`. In Node.js `saveFolder` of
 * `@tfblocks/transformer/hugging-face/node` writes them.
 *
 * @param pretrained of `loadFolder`, or made of its parts. Of a loaded one, the config keeps the fields that the sizes do not
 *   determine: `pad_token_id`, `id2label`, …
 * @throws ValueError when a config cannot express the sizes, or the model is not what its family builds from them
 */
export function modelFiles(pretrained: SavedModel): { "config.json": string; "model.safetensors": Uint8Array } {
  const state = theirState("modelFiles", pretrained);
  return disposing(state, () => ({
    "config.json": configText(folderConfig(pretrained)),
    "model.safetensors": writeSafetensors(state, { metadata }),
  }));
}

/**
 * The config of a model: what its sizes say and, if it was loaded from a folder, the fields of that folder's config which no size
 * depends on and which transformers does not compute with.
 */
export function folderConfig({ family, sizes, config }: SavedModel): ModelConfig {
  return { ...(config && keptFields(families[family].fields, config)), ...modelConfig(family, sizes) };
}

/** The config of a model of these sizes, as Hugging Face writes it. @throws ValueError when a config cannot express them */
export function modelConfig<Name extends FamilyName>(family: Name, sizes: SizesOf<Name>): ModelConfig {
  return { ...families[family].writeConfig(sizes), dtype: "float32", torch_dtype: "float32" };
}

/** A model's parameters under Hugging Face's names; the caller owns them. @throws ValueError when the model is not what the sizes say */
export function theirState(operation: string, { family, sizes, model }: Pretrained): StateDict {
  checkModel(operation, family, sizes, model);
  const { layout } = families[family];
  const ours = model.stateDict();
  const prefix = "languageHead" in sizes && !sizes.languageHead ? "" : layout.prefix;
  return disposing(ours, () => scope(() => toLayout(layout, ours, { ...layoutOptions(layout, sizes), prefix })));
}

/** Runs a body that borrows tensors and disposes them after it. */
function disposing<Result>(state: StateDict, body: () => Result): Result {
  try {
    return body();
  } finally {
    dispose(state);
  }
}
