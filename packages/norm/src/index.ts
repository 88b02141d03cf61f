export { layerNorm, type LayerNormOptions } from "./layer-norm.js";
export { LayerNorm, type LayerNormConfig } from "./layer-norm-block.js";
export { type NormStatistics, normStatistics } from "./norm-statistics.js";
export { rmsNorm, type RMSNormOptions } from "./rms-norm.js";
export { RMSNorm, type RMSNormConfig } from "./rms-norm-block.js";
