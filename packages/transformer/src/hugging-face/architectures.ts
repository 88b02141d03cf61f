import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { bert } from "./bert.js";
import { gemma2 } from "./gemma2.js";
import { gpt2 } from "./gpt2.js";
import { gptNeoX } from "./gpt-neox.js";
import { llama, mistral, qwen2, qwen3 } from "./llama.js";
import { t5 } from "./t5.js";

/** The families of models that can be loaded and saved, by our names. */
export const architectures = { bert, gemma2, gpt2, gptNeoX, llama, mistral, qwen2, qwen3, t5 };

/** `"gpt2"`, `"llama"`, … */
export type ArchitectureName = keyof typeof architectures;

/** The sizes that an architecture's builder takes. */
export type SizesOf<Name extends ArchitectureName> = Parameters<(typeof architectures)[Name]["build"]>[0];

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
  return refuse(ValueError, "readConfig", "config.model_type", `one of ${Object.keys(modelTypes).join(", ")}`, modelType);
}
