import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command-error.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What the command line gives for known options. */
export type Parsed<Known extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: Known; allowPositionals: true }>>;

/** The command line by its options. @throws UsageError in one sentence */
export function parseOptions<const Known extends Options>(args: readonly string[], options: Known): Parsed<Known> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(firstSentence((error as Error).message), { cause: error });
  }
}

/** An integer as an option gives it. @throws UsageError when it is none, or out of its range */
export function integer(option: string, text: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`;
  throw new UsageError(`${option} must be ${range}, got ${JSON.stringify(text)}`);
}

/** A number as an option gives it. @throws UsageError when it is none, or not as expected */
export function number(option: string, expected: string, text: string, isRight: (value: number) => boolean): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && isRight(value)) return value;
  throw new UsageError(`${option} must be ${expected}, got ${JSON.stringify(text)}`);
}

function firstSentence(message: string): string {
  const ambiguous = /^Option '([^' ]+)' argument is ambiguous/.exec(message);
  if (ambiguous) return `option '${ambiguous[1]}' needs a value, written ${ambiguous[1]}=VALUE where it begins with a dash`;
  const sentence = message.split(/\.\s|\n/)[0]!.replace(/\.$/, "");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
