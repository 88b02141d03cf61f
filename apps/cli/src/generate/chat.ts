import { createInterface } from "node:readline";
import { type CommandContext, CommandError } from "@tfblocks/command-line";
import { type ChatMessage, type ChatTemplate, chatTemplate } from "@tfblocks/text/chat";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import type { Tokenizer } from "@tfblocks/text";
import type { FolderFiles } from "@tfblocks/transformer/hugging-face";
import type { ModelFolder } from "../model/model-folder.js";

/** A conversation with a model. */
export class Chat {
  /** Reads special tokens in a text as such, adds none, and leaves them out of what it decodes. */
  readonly tokenizer: Tokenizer;
  readonly #template: ChatTemplate;
  readonly #messages: ChatMessage[];

  constructor(tokenizer: Tokenizer, template: ChatTemplate, system: string | undefined) {
    this.tokenizer = tokenizer;
    this.#template = template;
    this.#messages = system === undefined ? [] : [{ role: "system", content: system }];
  }

  /** Adds a message of the user. @returns the ids of the conversation, up to where the answer begins */
  ask(content: string): number[] {
    this.#messages.push({ role: "user", content });
    return this.tokenizer.encode(this.#template.render(this.#messages, { addGenerationPrompt: true }));
  }

  /** Adds the answer of the model. */
  answer(content: string): void {
    this.#messages.push({ role: "assistant", content });
  }
}

/**
 * A conversation by the chat template of a model's folder.
 *
 * @throws CommandError when the folder has no template
 * @throws ValueError when the template cannot be used
 */
export async function openChat({ files }: ModelFolder, system: string | undefined): Promise<Chat> {
  if (files === undefined) throw new CommandError("--chat needs a folder with a chat template, got a checkpoint of a training");
  const config = await chatConfig(files);
  const tokenizer = loadTokenizer((await files.text("tokenizer.json"))!, { addSpecialTokens: false, skipSpecialTokens: true });
  return new Chat(tokenizer, chatTemplate(config), system);
}

/** `tokenizer_config.json`, with the template of `chat_template.jinja` if there is one. */
async function chatConfig(files: FolderFiles): Promise<Readonly<Record<string, string>>> {
  const config = (await files.json("tokenizer_config.json")) ?? {};
  const template = await files.text("chat_template.jinja");
  const all = { ...config, ...(template !== undefined && { chat_template: template }) };
  if ("chat_template" in all && all.chat_template !== null) return all as Readonly<Record<string, string>>;
  throw new CommandError(
    "--chat needs a model that was trained to chat, whose folder has a chat_template.jinja or a chat_template in tokenizer_config.json; leave out --chat to continue the prompt as text",
  );
}

/** The messages of the user: the prompt or, without one, each line of standard input that is not empty. */
export async function* userMessages(prompt: string | undefined, context: ChatContext): AsyncGenerator<string> {
  if (prompt === undefined) yield* linesOf(context);
  else yield prompt;
}

async function* linesOf({ stdin, stderr, signal }: ChatContext): AsyncGenerator<string> {
  const input = stdin ?? process.stdin;
  const invite = () => void (stderr.isTTY && "isTTY" in input && stderr.write("> "));
  const lines = createInterface({ input, signal });
  try {
    invite();
    for await (const line of lines) {
      if (line.trim() !== "") yield line;
      invite();
    }
  } finally {
    lines.close();
  }
}

/** The environment of a command that may read standard input; default that of the process. */
export interface ChatContext extends CommandContext {
  readonly stdin?: NodeJS.ReadableStream | undefined;
}
