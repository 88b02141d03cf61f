export { layerNorm, type LayerNormOptions } from "./layer-norm.js";
export { LayerNorm, type LayerNormSizes } from "./layer-norm-block.js";
export { type NormStatistics, normStatistics } from "./norm-statistics.js";
export { rmsNorm, type RMSNormOptions } from "./rms-norm.js";
export { RMSNorm, type RMSNormSizes } from "./rms-norm-block.js";
