export type { FamilyName, ModelOf, SizesOf } from "./families/registry.js";
export type { ModelConfig } from "./families/shared/config-reader.js";
export { loadModel, type LoadOptions, type ModelFiles } from "./hugging-face/load-model.js";
export { modelConfig, modelFiles, type Pretrained, type SavedModel } from "./hugging-face/pretrained.js";
export { theirState } from "./hugging-face/saved-state.js";
export type { FolderContents, FolderFiles } from "./hugging-face/folder-files.js";
export type { LoadFolderOptions, PretrainedFolder } from "./hugging-face/load-from.js";
export { loadFolder } from "./hugging-face/load-url.js";
export type { PickedFiles } from "./hugging-face/picked-folder.js";
