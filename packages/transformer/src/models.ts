export * from "./families/families.js";
export type { Family } from "./families/family.js";
export { families, type FamilyName, type ModelOf, type SizesOf } from "./families/registry.js";
export type { ConfigReader, ModelConfig } from "./families/shared/config-reader.js";
export type { ModelSizes } from "./families/shared/model-sizes.js";
export type { Window } from "./families/shared/window.js";
export { torchDecoderLayer, torchEncoderLayer, type TorchLayerSizes } from "./models/torch-layers.js";
