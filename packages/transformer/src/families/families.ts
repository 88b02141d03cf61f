// One line for each family: its builder, which describes the family, and the type of its sizes. Names and types follow from this list.
export { bert, type BertSizes } from "./bert/bert.js";
export { distilbert, type DistilbertSizes } from "./distilbert/distilbert.js";
export { gemma2, type Gemma2Sizes } from "./gemma2/gemma2.js";
export { gemma3, type Gemma3Sizes } from "./gemma3/gemma3.js";
export { gpt2, type Gpt2Sizes } from "./gpt2/gpt2.js";
export { gptNeoX, type GptNeoXSizes } from "./gpt-neox/gpt-neox.js";
export { granite, type GraniteSizes } from "./granite/granite.js";
export { llama, type LlamaSizes } from "./llama/llama.js";
export { mistral, type MistralSizes } from "./mistral/mistral.js";
export { olmo2, type Olmo2Sizes } from "./olmo2/olmo2.js";
export { phi3, type Phi3Sizes } from "./phi3/phi3.js";
export { qwen2, type Qwen2Sizes } from "./qwen2/qwen2.js";
export { qwen3, type Qwen3Sizes } from "./qwen3/qwen3.js";
export { roberta, type RobertaSizes, xlmRoberta } from "./roberta/roberta.js";
export { smollm3, type Smollm3Sizes } from "./smollm3/smollm3.js";
export { t5, type T5Sizes } from "./t5/t5.js";
