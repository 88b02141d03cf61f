export { bert, type BertSizes } from "./models/bert.js";
export { gemma2, type Gemma2Sizes } from "./models/gemma2.js";
export { gpt2, type Gpt2Sizes } from "./models/gpt2.js";
export { gptNeoX, type GptNeoXSizes } from "./models/gpt-neox.js";
export { llama, type LlamaSizes } from "./models/llama.js";
export type { ModelSizes } from "./models/sizes.js";
export { t5, type T5Sizes } from "./models/t5.js";
export { torchDecoderLayer, torchEncoderLayer, type TorchLayerSizes } from "./models/torch-layers.js";
