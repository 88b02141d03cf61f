export type { FamilyName, ModelOf, SizesOf } from "./families/registry.js";
export type { ModelConfig } from "./families/shared/config-reader.js";
export {
  loadModel,
  modelConfig,
  type ModelFiles,
  modelFiles,
  type Pretrained,
  type SavedModel,
  theirState,
} from "./hugging-face/pretrained.js";
export type { FolderContents, FolderFiles } from "./hugging-face/folder-files.js";
export type { LoadFolderOptions, PretrainedFolder } from "./hugging-face/load-from.js";
export { loadFolder } from "./hugging-face/load-url.js";
