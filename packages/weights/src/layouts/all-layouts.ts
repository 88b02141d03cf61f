import { bert } from "./bert.js";
import { gptNeoX } from "./gpt-neox.js";
import { gpt2 } from "./gpt2.js";
import type { Layout } from "./layout.js";
import { gemma2, llama, mistral, qwen2, qwen3 } from "./llama.js";
import { t5 } from "./t5.js";
import { torchMultiheadAttention, torchTransformerDecoderLayer, torchTransformerEncoderLayer } from "./torch.js";

/** The layouts that come with this package, by name. */
export type LayoutName =
  | "gpt2"
  | "bert"
  | "llama"
  | "mistral"
  | "qwen2"
  | "qwen3"
  | "gemma2"
  | "gptNeoX"
  | "t5"
  | "torchMultiheadAttention"
  | "torchTransformerEncoderLayer"
  | "torchTransformerDecoderLayer";

/** Layouts of Hugging Face's models and of PyTorch's layers. */
export const layouts: Readonly<Record<LayoutName, Layout>> = {
  gpt2,
  bert,
  llama,
  mistral,
  qwen2,
  qwen3,
  gemma2,
  gptNeoX,
  t5,
  torchMultiheadAttention,
  torchTransformerEncoderLayer,
  torchTransformerDecoderLayer,
};
