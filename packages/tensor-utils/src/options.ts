import { describeValue } from "./describe-value.js";
import { UnknownNameError, ValueError } from "./errors.js";
import { checkInteger } from "./check-number.js";
import { refuse } from "./refuse.js";

/** A table of every name of an options type, which the compiler keeps complete: `{ mask: true, bias: true }`. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: unknown };

/**
 * Checks that a value is an object.
 *
 * @throws ValueError when it is not
 */
export function checkObject<Options extends object>(operation: string, argument: string, value: Options): Options {
  if (typeof value === "object" && value !== null) return value;
  return refuse(ValueError, operation, argument, "an object", describeValue(value));
}

/**
 * Checks that options are an object without unknown names, so that a misspelt option is never silently ignored.
 *
 * @param known the names of the options' type, see {@link OptionNames}
 * @param kind what the message calls a name: `"option"`, `"size"`, `"part"`; default `"option"`
 * @returns the options
 * @throws UnknownNameError that lists the unknown names and the known ones
 * @throws ValueError when the options are not an object
 */
export function checkOptions<Options extends object>(
  operation: string,
  options: Options,
  known: OptionNames<NoInfer<Options>>,
  kind = "option",
): Options {
  checkObject(operation, `${kind}s`, options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) refuseUnknown(operation, options, known, kind);
  }
  return options;
}

function refuseUnknown(operation: string, options: object, known: object, kind: string): never {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(known, name));
  throw new UnknownNameError(operation, kind, unknown, Object.keys(known));
}

/** Checks that a part is a block. @throws ValueError when it has no `apply` */
export function checkBlock<Kind extends { apply: unknown }>(operation: string, name: string, part: Kind): Kind {
  if (typeof part?.apply === "function") return part;
  return refuse(ValueError, operation, name, "a block", describeValue(part), "a builder makes its parts from sizes");
}

/**
 * Refuses one of two parts that only work together.
 *
 * @throws ValueError that names the missing one
 */
export function checkPair(operation: string, pair: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(pair).find((name) => pair[name] === undefined);
  const given = Object.keys(pair).find((name) => pair[name] !== undefined);
  if (missing !== undefined && given !== undefined) refuse(ValueError, operation, missing, `given with ${given}`, "undefined");
}

/** Marks a size without a default: a positive integer that must be given. */
export const size: unique symbol = Symbol("size");

/** A default that follows from the sizes listed before it. */
interface Derived<Sizes, Value> {
  readonly from: (sizes: Complete<Sizes>) => Value;
}

/**
 * The default of every size of a builder: a value, {@link derived} from earlier ones, or {@link size} for one that must
 * be given. The compiler keeps it complete.
 */
export type Defaults<Sizes> = {
  readonly [Name in keyof Required<Sizes>]: Complete<Sizes>[Name] | Derived<Sizes, Complete<Sizes>[Name]> | typeof size;
};

/** Sizes with every default written out. */
export type Complete<Sizes> = { readonly [Name in keyof Required<Sizes>]: Required<Sizes>[Name] };

/** A default that follows from the sizes listed before it: `headDim: derived(({ dModel, numHeads }) => dModel / numHeads)`. */
export function derived<Sizes, Value>(from: (sizes: Complete<Sizes>) => Value): Derived<Sizes, Value> {
  return new DerivedDefault(from);
}

class DerivedDefault<Sizes, Value> implements Derived<Sizes, Value> {
  readonly from: (sizes: Complete<Sizes>) => Value;

  constructor(from: (sizes: Complete<Sizes>) => Value) {
    this.from = from;
  }
}

/**
 * The sizes of a builder with every default written out, in the order of the table of defaults.
 *
 * @throws UnknownNameError when a name is not in the table
 * @throws ValueError when the sizes are not an object, or one marked as {@link size} is not a positive integer
 */
export function withDefaults<Sizes extends object>(operation: string, given: Sizes, defaults: Defaults<NoInfer<Sizes>>): Complete<Sizes> {
  checkOptions<object>(operation, given, defaults as OptionNames<object>, "size");
  const complete: Record<string, unknown> = {};
  for (const [name, fallback] of Object.entries<unknown>(defaults)) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (fallback === size) checkInteger(operation, name, value, 1);
    complete[name] = value === undefined ? defaultOf(fallback, complete) : value;
  }
  return complete as Complete<Sizes>;
}

function defaultOf(fallback: unknown, sizes: object): unknown {
  return fallback instanceof DerivedDefault ? fallback.from(sizes) : fallback;
}

/** @deprecated until every caller uses {@link checkOptions} */
export function checkUnknown(operation: string, argument: string, unknown: object, advice = "see its type for the known ones"): void {
  const names = Object.keys(unknown);
  if (names.length > 0) refuse(ValueError, operation, argument, "without unknown names", names.join(", "), advice);
}
