import { parse, tokenize } from "@huggingface/jinja";
import { checkInteger, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type ChatConfig, specialTokens, templateSources } from "./chat-config.js";
import { isObject, templateDict, templateValue } from "./chat-data.js";
import { type ChatMessage, templateMessages } from "./chat-messages.js";
import { Budget } from "./jinja/budget.js";
import { Evaluator } from "./jinja/evaluator.js";
import { globals } from "./jinja/globals.js";
import { markTokens } from "./jinja/mark-tokens.js";
import type { Node } from "./jinja/nodes.js";
import { Scope } from "./jinja/scope.js";
import { generationCall, prepareSource } from "./jinja/source.js";
import { Callable, type Value } from "./jinja/values.js";

export type { ChatConfig } from "./chat-config.js";
export type { ChatMessage } from "./chat-messages.js";

/** Options of {@link ChatTemplate.render}. */
export interface RenderOptions {
  /** Whether the text ends with what opens the assistant's answer; default false, as in transformers. */
  readonly addGenerationPrompt?: boolean | undefined;
  /** JSON schemas of the functions that the model may call; default none. */
  readonly tools?: readonly object[] | null | undefined;
  /** Documents to answer from, for templates that know them; default none. */
  readonly documents?: readonly object[] | null | undefined;
  /** Further variables of the template, for example `{ enable_thinking: false }`; default none. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Which of several templates; default `"tool_use"` if it exists and there are tools, else `"default"`. */
  readonly template?: string | undefined;
  /** What `strftime_now` writes; default the current time. */
  readonly now?: Date | undefined;
  /** How many steps the template may take; default 5,000,000. */
  readonly maxSteps?: number | undefined;
  /** How many UTF-16 units any text may have that the template makes; default 2^22. */
  readonly maxLength?: number | undefined;
}

const optionNames: OptionNames<RenderOptions> = {
  addGenerationPrompt: "flag",
  tools: true,
  documents: true,
  variables: true,
  template: true,
  now: true,
  maxSteps: true,
  maxLength: true,
};

const operation = "ChatTemplate.render";

/**
 * The chat template of a model, from its parsed `tokenizer_config.json`. It uses the optional peer dependency
 * `@huggingface/jinja` for the syntax; install it with `npm install @huggingface/jinja`.
 *
 * A newer folder has the template in a file of its own, `chat_template.jinja`, which comes first:
 * `chatTemplate({ ...config, chat_template: text })`.
 *
 * @throws ValueError when there is no template, its syntax is not known, or a special token is not text
 *
 * @example
 * ```ts
 * import { chatTemplate } from "@tfblocks/text/chat";
 * const chat = chatTemplate({
 *   eos_token: "<|im_end|>",
 *   chat_template: "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{{ eos_token }}\n{% endfor %}"
 *     + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
 * });
 * chat.render([{ role: "user", content: "Hi!" }], { addGenerationPrompt: true });
 * // "<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n"
 * ```
 */
export function chatTemplate(config: ChatConfig): ChatTemplate {
  if (!isObject(config)) refuse(ValueError, "chatTemplate", "config", "a parsed tokenizer_config.json", describeValue(config));
  const templates = new Map(Array.from(templateSources(config.chat_template), ([name, source]) => [name, parsed(name, source)]));
  return new ChatTemplate(templates, specialTokens(config));
}

/** Writes a chat as the text that a model was trained on. Made by {@link chatTemplate}. */
export class ChatTemplate {
  /** The names of the templates; a single one is `"default"`. */
  readonly names: readonly string[];
  readonly #templates: ReadonlyMap<string, readonly Node[]>;
  readonly #tokens: ReadonlyMap<string, string>;

  /** @internal */
  constructor(templates: ReadonlyMap<string, readonly Node[]>, tokens: ReadonlyMap<string, string>) {
    this.names = [...templates.keys()];
    this.#templates = templates;
    this.#tokens = tokens;
  }

  /**
   * The text of a chat: what `apply_chat_template(messages, tokenize=False)` of transformers 5 gives. Encode it without
   * adding special tokens, which it already has.
   *
   * A template is a program by strangers. It reads nothing but its arguments and the time, and may take `maxSteps` steps
   * and make texts of `maxLength`, so that it always ends. A part of the language that is not known is an error. One
   * difference remains: JavaScript has no number `1.0` and puts integer keys of an object first.
   *
   * @throws ValueError when a message has no role or its content is neither text nor a list, data is not JSON, an option
   *   is unknown, or the template fails; the message then has the template's own words
   */
  render(messages: readonly ChatMessage[], options: RenderOptions = {}): string {
    const {
      template,
      now = new Date(),
      maxSteps = 5_000_000,
      maxLength = 2 ** 22,
      ...given
    } = checkOptions(operation, options, optionNames);
    if (!(now instanceof Date) || Number.isNaN(now.getTime())) refuse(ValueError, operation, "now", "a valid Date", describeValue(now));
    checkInteger(operation, "maxSteps", maxSteps, 1);
    checkInteger(operation, "maxLength", maxLength, 1, 2 ** 28);
    const name = this.#choose(template, given.tools);
    const budget = new Budget(maxSteps, maxLength);
    const around = new Scope(undefined, globals(budget, now));
    around.variables.set(
      generationCall,
      new Callable("generation", (_args, named) => (named.get("caller") as Callable).call([], new Map())),
    );
    const variables = new Map([...this.#tokens, ...argumentsOf(messages, given)]);
    try {
      return new Evaluator(budget).render(this.#templates.get(name)!, new Scope(around, variables));
    } catch (error) {
      return refuse(ValueError, operation, `chat_template "${name}"`, "a template that accepts these messages", failure(error));
    }
  }

  #choose(template: string | undefined, tools: unknown): string {
    const name = template ?? (tools && this.#templates.has("tool_use") ? "tool_use" : "default");
    if (this.#templates.has(name)) return name;
    const known = this.names.map((each) => JSON.stringify(each)).join(", ");
    return refuse(ValueError, operation, "template", `one of ${known}`, JSON.stringify(name));
  }
}

function argumentsOf(messages: unknown, options: RenderOptions): Map<string, Value> {
  const { addGenerationPrompt = false, tools = null, documents = null, variables = {} } = options;
  if (typeof addGenerationPrompt !== "boolean") {
    refuse(ValueError, operation, "addGenerationPrompt", "true or false", describeValue(addGenerationPrompt));
  }
  for (const [name, list] of Object.entries({ tools, documents })) {
    const isList = list === null || (Array.isArray(list) && list.every(isObject));
    if (!isList) refuse(ValueError, operation, name, "a list of objects", describeValue(list));
  }
  if (!isObject(variables)) refuse(ValueError, operation, "variables", "an object", describeValue(variables));
  const ownOption = ["messages", "tools", "documents", "add_generation_prompt"].find((name) => Object.hasOwn(variables, name));
  if (ownOption) refuse(ValueError, operation, "variables", "further variables", `"${ownOption}", which has an argument of its own`);
  return new Map<string, Value>([
    ...(templateDict(operation, "variables", variables) as Map<string, Value>),
    ["messages", templateMessages(operation, messages)],
    ["tools", templateValue(operation, "tools", tools)],
    ["documents", templateValue(operation, "documents", documents)],
    ["add_generation_prompt", addGenerationPrompt],
  ]);
}

function parsed(name: string, source: string): readonly Node[] {
  try {
    const tokens = tokenize(prepareSource(source));
    markTokens(tokens);
    return parse(tokens).body as Node[];
  } catch (error) {
    return refuse(ValueError, "chatTemplate", `chat_template "${name}"`, "a template of known syntax", failure(error));
  }
}

function failure(error: unknown): string {
  if (error instanceof RangeError) return 'the error "it is nested too deeply"'; // the stack is full
  return `the error ${JSON.stringify(error instanceof Error ? error.message : String(error))}`;
}
