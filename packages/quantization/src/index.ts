export type { Precision } from "./group-size.js";
export { packWords, unpackWords } from "./mlx-words.js";
export { isQuantizable, partsToQuantize, quantize, type QuantizeOptions, withMatrices } from "./quantize.js";
export { QuantizedEmbedding, type QuantizedEmbeddingParts } from "./quantized-embedding.js";
export { QuantizedLinear, type QuantizedLinearParts } from "./quantized-linear.js";
export { QuantizedMatrix } from "./quantized-matrix.js";
export { type QuantizedMatrixSizes, QuantizedRows, type QuantizedRowsOptions } from "./quantized-rows.js";
export { type Codes, roundWeight } from "./round-weight.js";
