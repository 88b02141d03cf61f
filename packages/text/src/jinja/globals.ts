import { bind, integerArgument, textArgument } from "./arguments.js";
import type { Budget } from "./budget.js";
import { keyOf } from "./attributes.js";
import { textOf } from "./python-text.js";
import { strftime } from "./strftime.js";
import { fail, TemplateError } from "./template-error.js";
import { Callable, type Dict, itemsOf, Namespace, Tuple, type Value } from "./values.js";

/** The largest range that Jinja's sandbox allows. */
const maxRange = 100_000;

function range(args: readonly Value[], budget: Budget): Value {
  const numbers = args.map((value) => integerArgument("range", value));
  if (numbers.length < 1 || numbers.length > 3) fail(`range takes 1 to 3 arguments, got ${numbers.length}`);
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1];
  if (step === 0) fail("the step of a range cannot be zero");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > maxRange) fail(`a range has at most ${maxRange} items, got ${length}`);
  budget.spend(length);
  return Array.from({ length }, (_, at) => start + at * step);
}

/** The entries that `dict(pairs, name=value)` and `namespace(pairs, name=value)` hold. */
function entries(what: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Dict {
  if (args.length > 1) fail(`${what} takes at most one argument, got ${args.length}`);
  const [source = []] = args;
  const pairs = source instanceof Map ? [...source] : itemsOf(source).map((pair) => pairOf(what, pair));
  return new Map([...pairs, ...named]);
}

function pairOf(what: string, pair: Value): [string | number, Value] {
  const items = pair instanceof Tuple ? pair.items : pair;
  if (!Array.isArray(items) || items.length !== 2) return fail(`${what} takes pairs of a key and a value`);
  return [keyOf(items[0] as Value), items[1] as Value];
}

function namespace(args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  const attributes = new Map<string, Value>();
  for (const [name, value] of entries("namespace", args, named)) attributes.set(checkName(String(name)), value);
  return new Namespace(attributes);
}

/** A name that a namespace may have: transformers refuses those that start with an underscore. */
export function checkName(name: string): string {
  return name.startsWith("_") ? fail(`a namespace cannot have "${name}", which starts with an underscore`) : name;
}

/** The functions that transformers gives a chat template. */
export function globals(budget: Budget, now: Date): Map<string, Value> {
  const functions: Readonly<Record<string, Callable["call"]>> = {
    range: (args) => range(args, budget),
    dict: (args, named) => entries("dict", args, named),
    namespace,
    raise_exception: (args, named) => {
      throw new TemplateError(textOf(bind("raise_exception", ["message"], args, named)["message"] ?? "", budget));
    },
    strftime_now: (args, named) => strftime(now, textArgument("strftime_now", bind("strftime_now", ["format"], args, named)["format"])),
  };
  for (const name of ["cycler", "joiner", "lipsum"]) {
    Object.assign(functions, { [name]: () => fail(`the function "${name}" is not supported`) });
  }
  return new Map(Object.entries(functions).map(([name, call]) => [name, new Callable(name, call)]));
}
