export { blockPattern } from "./atoms/block-pattern.js";
export { causal } from "./atoms/causal.js";
export { chunked } from "./atoms/chunked.js";
export { full, none } from "./atoms/constant.js";
export { documents, packed } from "./atoms/documents.js";
export { fromTensor, type TensorMaskOptions } from "./atoms/from-tensor.js";
export { padding } from "./atoms/padding.js";
export { prefixLM } from "./atoms/prefix-lm.js";
export { lastN, slidingWindow } from "./atoms/sliding-window.js";
export { and, not, or } from "./combinators.js";
export { fromJSON } from "./from-json.js";
export {
  type BlockSize,
  blockStates,
  type BlockSummary,
  type Explanation,
  type Mask,
  type MaskJSON,
  type MaskSizes,
  type TensorMaskJSON,
} from "./mask.js";
export { isMask } from "./rule-mask.js";
