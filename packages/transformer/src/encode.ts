export { type PackedTexts, packTexts } from "./encoding/pack-texts.js";
export { type Pooling, type TextVectorOptions, textVectors } from "./encoding/text-vectors.js";
