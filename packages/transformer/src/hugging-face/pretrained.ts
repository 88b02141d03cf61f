import { dispose } from "@tensorflow/tfjs-core";
import type { StateDict } from "@tfblocks/tensor-utils";
import { writeSafetensors } from "@tfblocks/weights";
import { type FamilyName, families, type ModelOf, type SizesOf } from "../families/registry.js";
import type { ModelConfig } from "../families/shared/config-reader.js";
import { configText } from "./config-text.js";
import type { FolderContents } from "./folder-files.js";
import { keptFields } from "./kept-fields.js";
import { savedState } from "./saved-state.js";

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

/**
 * A model as the files of a Hugging Face folder, which transformers' `from_pretrained` reads: `config.json`, in the forms of
 * transformers 4 and 5 at once, and `model.safetensors`. In Node.js `saveFolder` of
 * `@tfblocks/transformer/hugging-face/node` writes them.
 *
 * A quantised model is written as mlx-lm does, which transformers does not read: `quantization` in the config, packed words, scales and
 * biases. All codes, scales and biases survive bit for bit: scales and biases are BF16 if that keeps all of them, else F16, else F32.
 *
 * @param pretrained of `loadFolder`, or made of its parts. Of a loaded one, the config keeps the fields that the sizes do not
 *   determine: `pad_token_id`, `id2label`, …
 * @throws ValueError when a config cannot express the sizes, or the model is not what its family builds from them,
 *   apart from quantised parts
 */
export function modelFiles(pretrained: SavedModel): { "config.json": string; "model.safetensors": Uint8Array } {
  const { weights, metadata, config } = savedState("modelFiles", pretrained);
  try {
    return {
      "config.json": configText({ ...folderConfig(pretrained), ...config }),
      "model.safetensors": writeSafetensors(weights, { metadata }),
    };
  } finally {
    dispose(weights as StateDict);
  }
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
