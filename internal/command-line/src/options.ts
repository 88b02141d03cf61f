import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./command-error.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The values of the options, and the arguments that are not options. */
type Parsed<Known extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: Known; allowPositionals: true }>>;

/** Parses a command line. @throws UsageError for an unknown option, and for a value that is missing or not expected */
export function parseOptions<const Known extends Options>(args: readonly string[], options: Known): Parsed<Known> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error as NodeJS.ErrnoException, Object.keys(options)), { cause: error });
  }
}

/** @throws UsageError if a name is not one of the known names */
export function checkNames(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(unknownName(what, unknown, known));
}

/** Parses the value of an integer option. @throws UsageError if it is not an integer or out of range */
export function integer(option: string, text: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer from ${min} to ${max}`;
  throw new UsageError(`${option} must be ${range}, got ${JSON.stringify(text)}`);
}

/** Parses the value of a number option. @throws UsageError if it is not a number or not accepted by `isValid` */
export function number(option: string, expected: string, text: string, isValid: (value: number) => boolean): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && isValid(value)) return value;
  throw new UsageError(`${option} must be ${expected}, got ${JSON.stringify(text)}`);
}

/** The message of an error of `parseArgs` in the words of the other errors. */
function messageOf({ code, message }: NodeJS.ErrnoException, known: readonly string[]): string {
  const option = /'(?:-\w, )?(-[^' ]+)/.exec(message)?.[1];
  if (option === undefined) return message;
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const names = known.map((name) => `--${name}`);
    return unknownName("option", option, names);
  }
  if (message.includes("does not take an argument")) return `${option} does not take a value`;
  return `${option} needs a value; write ${option}=VALUE if the value starts with a dash`;
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  return `unknown ${what} ${JSON.stringify(name)}; known ${what}s: ${known.join(", ")}`;
}
