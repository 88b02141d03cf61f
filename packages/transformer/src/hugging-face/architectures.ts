import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import type { LanguageModel } from "../blocks/language-model.js";
import type { BertSizes } from "../models/bert.js";
import type { Gemma2Sizes } from "../models/gemma2.js";
import type { Gpt2Sizes } from "../models/gpt2.js";
import type { GptNeoXSizes } from "../models/gpt-neox.js";
import type { LlamaSizes } from "../models/llama.js";
import type { T5Sizes } from "../models/t5.js";
import type { Architecture } from "./architecture.js";
import { bert } from "./bert.js";
import { gemma2 } from "./gemma2.js";
import { gpt2 } from "./gpt2.js";
import { gptNeoX } from "./gpt-neox.js";
import { llama, mistral, qwen2, qwen3 } from "./llama.js";
import { t5 } from "./t5.js";

/** The sizes of each family of models that can be loaded and saved. */
interface ArchitectureSizes {
  readonly bert: BertSizes;
  readonly gemma2: Gemma2Sizes;
  readonly gpt2: Gpt2Sizes;
  readonly gptNeoX: GptNeoXSizes;
  readonly llama: LlamaSizes;
  readonly mistral: LlamaSizes;
  readonly qwen2: LlamaSizes;
  readonly qwen3: LlamaSizes;
  readonly t5: T5Sizes;
}

/** `"gpt2"`, `"llama"`, … */
export type ArchitectureName = keyof ArchitectureSizes;

/** The sizes that an architecture's builder takes. */
export type SizesOf<Name extends ArchitectureName> = ArchitectureSizes[Name];

/** What it builds. */
export type ModelOf<Name extends ArchitectureName> = Name extends "t5" ? EncoderDecoder : LanguageModel;

type Architectures = { readonly [Name in ArchitectureName]: Architecture<SizesOf<Name>, LanguageModel | EncoderDecoder> };

export const architectures: Architectures = { bert, gemma2, gpt2, gptNeoX, llama, mistral, qwen2, qwen3, t5 };

/** Our name for each `model_type` of a config. */
const modelTypes: Readonly<Record<string, ArchitectureName>> = {
  bert: "bert",
  gemma2: "gemma2",
  gpt2: "gpt2",
  gpt_neox: "gptNeoX",
  llama: "llama",
  mistral: "mistral",
  qwen2: "qwen2",
  qwen3: "qwen3",
  t5: "t5",
};

/** @throws ValueError that lists the known ones */
export function architectureNamed(modelType: string): ArchitectureName {
  if (Object.hasOwn(modelTypes, modelType)) return modelTypes[modelType]!;
  return refuse(ValueError, "loadModel", "config.model_type", `one of ${Object.keys(modelTypes).join(", ")}`, modelType);
}
