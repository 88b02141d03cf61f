import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { isObject, templateDict } from "./chat-data.js";
import type { Dict, Value } from "./jinja/values.js";

/** A message of a chat, as transformers and the APIs of OpenAI spell it. A template may read further fields. */
export interface ChatMessage {
  /** `"system"`, `"user"`, `"assistant"`, `"tool"`, or what else the template knows. */
  readonly role: string;
  /** Text, or a list of parts such as `{ type: "text", text }`. Only an assistant that calls tools or reasons may have none. */
  readonly content?: string | readonly unknown[] | null | undefined;
  readonly tool_calls?: readonly unknown[] | null | undefined;
  readonly reasoning_content?: string | null | undefined;
  readonly [field: string]: unknown;
}

/** The names that a message's reasoning goes by; transformers passes it on as the first two. */
const reasoningNames = ["reasoning_content", "thinking", "reasoning"];

/** The messages as transformers passes them to a template: without fields that are null. @throws ValueError by name */
export function templateMessages(operation: string, messages: unknown): Value[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    return refuse(ValueError, operation, "messages", "a list of one message or more", describeValue(messages));
  }
  return messages.map((message: unknown, at) => templateMessage(operation, `messages[${at}]`, message));
}

function templateMessage(operation: string, argument: string, message: unknown): Dict {
  if (!isObject(message)) return refuse(ValueError, operation, argument, "an object with a role", describeValue(message));
  const { role, content } = message;
  if (typeof role !== "string") refuse(ValueError, operation, `${argument}.role`, "text", describeValue(role));
  const isEmpty = content === undefined || content === null;
  const hasOther = ["tool_calls", ...reasoningNames].some((name) => Object.hasOwn(message, name) && message[name] != null);
  if (isEmpty ? !hasOther : typeof content !== "string" && !Array.isArray(content)) {
    refuse(ValueError, operation, `${argument}.content`, "text or a list of parts", describeValue(content));
  }
  const entries = [...templateDict(operation, argument, message)].filter(([, value]) => value !== null);
  const fields: Dict = new Map(entries);
  const reasoning = reasoningNames.map((name) => fields.get(name)).find((value) => value !== undefined);
  if (reasoning === undefined) return fields;
  return new Map<string | number, Value>([["thinking", reasoning], ...fields, ["reasoning_content", reasoning]]);
}
