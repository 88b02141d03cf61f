import { dispose } from "@tensorflow/tfjs-core";
import { checkUnknown, scope, type StateDict } from "@tfblocks/tensor-utils";
import { type ReadOptions, type SafetensorsReader, writeSafetensors } from "@tfblocks/weights";
import { fromLayout, type LayoutOptions, layouts, toLayout } from "@tfblocks/weights/layouts";
import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import type { LanguageModel } from "../blocks/language-model.js";
import type { Architecture } from "./architecture.js";
import { type ArchitectureName, architectureNamed, architectures, type ModelOf, type SizesOf } from "./architectures.js";
import { checkSizes } from "./check-sizes.js";
import { configText } from "./config-text.js";
import { ConfigReader, type ModelConfig } from "./config-reader.js";
import { unsetRandom } from "./unset-random.js";

/** A model and what it was made from; whoever holds it disposes the model. `architecture` tells the types of the other two. */
export type Pretrained<Name extends ArchitectureName = ArchitectureName> = { [Each in Name]: PretrainedAs<Each> }[Name];

interface PretrainedAs<Name extends ArchitectureName> {
  readonly architecture: Name;
  /** As the builder of that architecture takes them. */
  readonly sizes: SizesOf<Name>;
  readonly model: ModelOf<Name>;
}

/** Where a model's config and weights come from. */
export interface ModelFiles {
  /** The parsed `config.json`, in the layout of transformers 4 or 5. */
  readonly config: unknown;
  /** Of `openSafetensors`; it stays the caller's. */
  readonly weights: SafetensorsReader;
}

/**
 * Builds the model that a Hugging Face config describes and fills it from its weights. In Node.js `loadFolder` of
 * `@tfblocks/transformer/hugging-face/node` reads both by a path.
 *
 * @param options `onProgress`, `signal`: as the reader's
 * @throws ValueError when the config is incomplete, of an unknown architecture, or of another model than the weights
 * @throws StateDictError that names every missing, unexpected and misshapen entry
 * @throws SafetensorsError, AllocationError as the reader; nothing is left behind on any fault
 */
export async function loadModel({ config, weights }: ModelFiles, options: ReadOptions = {}): Promise<Pretrained> {
  const { onProgress, signal, ...unknown } = options;
  checkUnknown("loadModel", "options", unknown);
  const reader = new ConfigReader(config);
  const architecture = architectureNamed(reader.text("model_type"));
  const { read, build } = architectures[architecture] as Architecture<object, LanguageModel | EncoderDecoder>;
  const sizes = read(reader, new Set(weights.names)) as SizesOf<ArchitectureName>;
  checkSizes(sizes, weights);
  const theirs = await weights.readAll({ onProgress, signal });
  // Their shapes prove the sizes before a model of these is built.
  const ours = filled(theirs, () => fromLayout(layouts[architecture], theirs, layoutOptions(sizes)));
  return filled(ours, () => ({ architecture, sizes, model: loaded(build({ ...sizes, random: unsetRandom }), ours) }) as Pretrained);
}

/** A model with the values of a state dict; it is freed where they do not fit. */
function loaded<Model extends LanguageModel | EncoderDecoder>(model: Model, state: StateDict): Model {
  try {
    model.loadStateDict(state);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What transformers looks for in the weights that it reads. */
export const metadata: Readonly<Record<string, string>> = { format: "pt" };

/**
 * A model as the files of a Hugging Face folder, which transformers' `from_pretrained` reads: `config.json`, in both
 * layouts at once, and `model.safetensors`. In Node.js `saveFolder` of `@tfblocks/transformer/hugging-face/node` writes them.
 *
 * @throws ValueError when the sizes cannot be said in a config
 */
export function modelFiles(pretrained: Pretrained): { "config.json": string; "model.safetensors": Uint8Array } {
  const state = theirState(pretrained);
  return filled(state, () => ({
    "config.json": configText(modelConfig(pretrained.architecture, pretrained.sizes)),
    "model.safetensors": writeSafetensors(state, { metadata }),
  }));
}

/** The config of a model of these sizes, as Hugging Face writes it. */
export function modelConfig<Name extends ArchitectureName>(architecture: Name, sizes: SizesOf<Name>): ModelConfig {
  const { write } = architectures[architecture] as Architecture<object, LanguageModel | EncoderDecoder>;
  return { ...write(sizes), dtype: "float32", torch_dtype: "float32" };
}

/** A model's parameters under Hugging Face's names; the caller's. */
export function theirState({ architecture, sizes, model }: Pretrained): StateDict {
  const ours = model.stateDict();
  return filled(ours, () => scope(() => toLayout(layouts[architecture], ours, layoutOptions(sizes))));
}

/** Runs a body with tensors that are freed after it. */
function filled<Result>(state: StateDict, body: (state: StateDict) => Result): Result {
  try {
    return body(state);
  } finally {
    dispose(state);
  }
}

const layoutSizes =
  "numLayers numDecoderLayers numHeads numKvHeads headDim dModel hiddenDim vocabSize maxLength numSegments numBuckets".split(" ");

function layoutOptions(sizes: object): LayoutOptions {
  const known = Object.entries(sizes).filter(([name, value]) => value !== undefined && [...layoutSizes, "tiedHead"].includes(name));
  return Object.fromEntries(known);
}
