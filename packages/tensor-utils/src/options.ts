import { Tensor } from "@tensorflow/tfjs-core";
import { describeValue } from "./describe-value.js";
import { UnknownNameError, ValueError } from "./errors.js";
import { checkInteger } from "./check-number.js";
import { refuse } from "./refuse.js";

/**
 * A table with every name of an options type, for example `{ mask: true, training: "flag" }`. The compiler checks that it is
 * complete, and that each option which is true or false is a `"flag"`.
 */
export type OptionNames<Options> = {
  readonly [Name in keyof Required<Options>]: [Exclude<Options[Name], undefined>] extends [boolean] ? "flag" : unknown;
};

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
 * Rejects unknown options, so that a typo is never silently ignored, and flags that are neither true nor false: `"false"`
 * and `0`, as a form or a command line gives them, are not flags.
 *
 * @param known the names of the options type; see {@link OptionNames}
 * @param kind what a name stands for in the message: `"option"`, `"size"` or `"part"`; default `"option"`
 * @returns the options
 * @throws UnknownNameError that lists the unknown and the known names, and says which of these were meant if that can be told
 * @throws ValueError when the options are not an object, for example positional arguments, or a flag is not a boolean
 */
export function checkOptions<Options extends object>(
  operation: string,
  options: Options,
  known: OptionNames<NoInfer<Options>>,
  kind = "option",
): Options {
  if (!isOptions(options)) refuseValue(operation, options, known, kind);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) refuseUnknown(operation, options, known, kind);
  }
  for (const [name, type] of Object.entries<unknown>(known)) {
    if (type === "flag") checkFlag(operation, name, (options as Readonly<Record<string, unknown>>)[name]);
  }
  return options;
}

/** Checks that a flag is true, false or undefined, which stands for the default. @throws ValueError when it is not */
export function checkFlag(operation: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") refuse(ValueError, operation, name, "true or false", describeValue(value));
}

/** Checks a source of random values. @throws ValueError when it is not one, for example a seed */
function checkRandom(operation: string, value: unknown): void {
  if (value === undefined || typeof (value as { readonly normal?: unknown } | null)?.normal === "function") return;
  const advice = typeof value === "number" ? `pass new Random(${value})` : "pass new Random(seed)";
  refuse(ValueError, operation, "random", "a Random", describeValue(value), advice);
}

/** Positional arguments arrive as numbers, and those of PyTorch as tensors. */
function isOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
}

/** Shows a call with the required sizes, for example `multiHeadAttention({ dModel: …, numHeads: … })`, or lists the known names. */
function refuseValue(operation: string, value: unknown, known: object, kind: string): never {
  const required = Object.entries(known as Readonly<Record<string, unknown>>).flatMap(([name, fallback]) =>
    fallback === size ? [`${name}: …`] : [],
  );
  const call = `call ${/^[A-Z]/.test(operation) ? "new " : ""}${operation}({ ${required.join(", ")} })`;
  const list = `known ${kind}s: ${Object.keys(known).join(", ")}`;
  return refuse(ValueError, operation, `${kind}s`, "an object", describeValue(value), required.length > 0 ? call : list);
}

function refuseUnknown(operation: string, options: object, known: object, kind: string): never {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(known, name));
  throw new UnknownNameError(operation, kind, unknown, Object.keys(known));
}

/** Checks that a part is a block. @throws ValueError when it has no `apply` */
export function checkBlock<Kind extends { apply: unknown }>(operation: string, name: string, part: Kind): Kind {
  if (typeof part?.apply === "function") return part;
  return refuse(ValueError, operation, name, "a block with an apply method", describeValue(part));
}

/**
 * Checks that two parts are either both present or both absent.
 *
 * @throws ValueError that names the missing part
 */
export function checkPair(operation: string, pair: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(pair).find((name) => pair[name] === undefined);
  const present = Object.keys(pair).find((name) => pair[name] !== undefined);
  if (missing !== undefined && present !== undefined) refuse(ValueError, operation, missing, `set together with ${present}`, "undefined");
}

/** Marks a required size: a positive integer without a default. */
export const size: unique symbol = Symbol("size");

/** A default that is computed from the sizes listed before it. */
interface Derived<Sizes, Value> {
  readonly from: (sizes: Complete<Sizes>) => Value;
}

/**
 * The defaults of a builder's sizes: a value, a {@link derived} value, or {@link size} for a required size. The compiler
 * checks that every size is listed.
 */
export type Defaults<Sizes> = {
  readonly [Name in keyof Required<Sizes>]: Complete<Sizes>[Name] | Derived<Sizes, Complete<Sizes>[Name]> | typeof size;
};

/** Sizes with every default filled in. */
export type Complete<Sizes> = { readonly [Name in keyof Required<Sizes>]: Required<Sizes>[Name] };

/** A default that is computed from the sizes listed before it: `headDim: derived(({ dModel, numHeads }) => dModel / numHeads)`. */
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
 * Fills in the defaults of a builder's sizes, in the order of the table of defaults.
 *
 * @param kind what the message calls a name, as in {@link checkOptions}; default `"size"`
 * @throws UnknownNameError when a name is not in the table
 * @throws ValueError when the sizes are not an object, a required size is not a positive integer, a size whose default is true
 *   or false is neither, or `random` is not a source of random values
 */
export function withDefaults<Sizes extends object>(
  operation: string,
  sizes: Sizes,
  defaults: Defaults<NoInfer<Sizes>>,
  kind = "size",
): Complete<Sizes> {
  checkOptions<object>(operation, sizes, defaults as OptionNames<object>, kind);
  const complete: Record<string, unknown> = {};
  for (const [name, fallback] of Object.entries<unknown>(defaults)) {
    const value = (sizes as Readonly<Record<string, unknown>>)[name];
    if (fallback === size) checkInteger(operation, name, value, 1);
    if (typeof fallback === "boolean") checkFlag(operation, name, value);
    if (name === "random") checkRandom(operation, value);
    complete[name] = value === undefined ? defaultOf(fallback, complete) : value;
  }
  return complete as Complete<Sizes>;
}

function defaultOf(fallback: unknown, sizes: object): unknown {
  return fallback instanceof DerivedDefault ? fallback.from(sizes) : fallback;
}
