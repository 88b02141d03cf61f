import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { isObject } from "./chat-data.js";

/** The fields of a parsed `tokenizer_config.json` that chat templates need; all others are ignored. */
export interface ChatConfig {
  /** A template, several by name, or the list of names and templates that `tokenizer_config.json` may hold. */
  readonly chat_template?: string | Readonly<Record<string, string>> | readonly { readonly name: string; readonly template: string }[];
  readonly [field: string]: unknown;
}

/** The special tokens that transformers passes to a template. */
const tokenNames = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

/** The special tokens of a config, which are text or objects with their text as `content`. */
export function specialTokens(config: ChatConfig): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const name of tokenNames) {
    const token = (Object.hasOwn(config, name) ? config[name] : undefined) ?? undefined;
    if (token === undefined) continue;
    const text = isObject(token) ? token["content"] : token;
    if (typeof text === "string") tokens.set(name, text);
    else refuse(ValueError, "chatTemplate", `config.${name}`, "text, or a token with content", describeValue(token));
  }
  return tokens;
}

/** The name and the source of each template; a single one is "default". */
export function templateSources(template: ChatConfig["chat_template"]): (readonly [string, string])[] {
  const entries = templateEntries(template);
  if (entries.length > 0 && entries.every(isNamedText)) return entries;
  return refuse(
    ValueError,
    "chatTemplate",
    "config.chat_template",
    "a template, or a list of names and templates",
    describeValue(template),
  );
}

function templateEntries(template: unknown): (readonly [unknown, unknown])[] {
  if (Array.isArray(template)) return template.map((each: unknown) => (isObject(each) ? [each["name"], each["template"]] : [each, each]));
  return isObject(template) ? Object.entries(template) : [["default", template]];
}

const isNamedText = (entry: readonly [unknown, unknown]): entry is readonly [string, string] =>
  typeof entry[0] === "string" && typeof entry[1] === "string";
