export type { FamilyName, ModelOf, SizesOf } from "./families/registry.js";
export type { ModelConfig } from "./families/shared/config-reader.js";
export { loadModel, modelConfig, type ModelFiles, modelFiles, type Pretrained, theirState } from "./hugging-face/pretrained.js";
