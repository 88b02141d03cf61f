export { type ArchitectureName, type SizesOf } from "./hugging-face/architectures.js";
export type { ModelConfig } from "./hugging-face/config-reader.js";
export { loadModel, modelConfig, type ModelFiles, modelFiles, type Pretrained, theirState } from "./hugging-face/pretrained.js";
