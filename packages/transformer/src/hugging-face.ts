export type { FamilyName, ModelOf, SizesOf } from "./families/registry.js";
export type { ModelConfig } from "./families/shared/config-reader.js";
export { loadModel, modelConfig, type ModelFiles, modelFiles, type Pretrained, theirState } from "./hugging-face/pretrained.js";
export type { FolderFiles } from "./hugging-face/folder-files.js";
export type { FolderContents, LoadFolderOptions, PretrainedFolder } from "./hugging-face/load-from.js";
export { loadFolder } from "./hugging-face/load-url.js";
