export { entryNames } from "./layouts/entry-names.js";
export { flagNames } from "./layouts/flags.js";
export { fromLayout, type LayoutOptions } from "./layouts/from-layout.js";
export type { Choice, Layout, Rule } from "./layouts/layout.js";
export { biasedLinearRules, layerNormRules, linearRules, optional, rmsNormRule, tensorRule, unbiasedLinearRules } from "./layouts/rules.js";
export { type LayoutSizeNames, layoutSizeNames } from "./layouts/size-names.js";
export { toLayout } from "./layouts/to-layout.js";
export { torchMultiheadAttention, torchTransformerDecoderLayer, torchTransformerEncoderLayer } from "./layouts/torch.js";
export type { TransformName } from "./layouts/transforms.js";
