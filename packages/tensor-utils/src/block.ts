import { clone, type Tensor, variable, Variable } from "@tensorflow/tfjs-core";
import { checkTensor } from "./check-shapes.js";
import { describeValue } from "./describe-value.js";
import { ArgumentError, DisposedError, ValueError } from "./errors.js";
import { refuse } from "./refuse.js";
import { own, scope } from "./scope.js";

/** Trainable tensors under stable dotted names, as `"output.weight"`. */
export type ParameterMap = Readonly<Record<string, Variable>>;

/** Values of parameters under the same names; whoever holds it disposes its tensors. */
export type StateDict = Record<string, Tensor>;

/** How {@link Block.loadStateDict} treats names that do not match. */
export interface StateDictOptions {
  /** Refuse missing and unexpected names; default true. Shapes must match either way. */
  readonly strict?: boolean;
}

/**
 * A part of a model that owns parameters.
 *
 * `apply` mutates nothing but caches handed to it, borrows its inputs, gives its outputs to the caller and leaks
 * nothing. Training is an option of the call. `dispose` may be called twice.
 */
export interface Block<Inputs extends readonly unknown[] = readonly [x: Tensor], Output = Tensor> {
  apply(...inputs: Inputs): Output;
  parameters(): ParameterMap;
  /** A snapshot of the parameters; the caller owns its tensors. */
  stateDict(): StateDict;
  /** Sets every parameter or, when anything is wrong, none. The state's tensors are borrowed. */
  loadStateDict(state: StateDict, options?: StateDictOptions): void;
  dispose(): void;
}

/** A state dict does not fit a block; names of every missing, unexpected and misshapen entry are fields. */
export class StateDictError extends ArgumentError {
  override readonly name = "StateDictError";
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshapen: readonly string[];

  constructor(operation: string, missing: readonly string[], unexpected: readonly string[], misshapen: readonly string[]) {
    const parts = Object.entries({ missing, unexpected, misshapen }).filter(([, names]) => names.length > 0);
    const received = parts.map(([kind, names]) => `${kind} ${names.join(", ")}`).join("; ");
    super({ operation, argument: "state", expected: "exactly the block's parameters in their shapes", received });
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshapen = misshapen;
  }
}

/** A trainable variable with an initial value, which is copied. */
export function parameter(initial: () => Tensor): Variable {
  return scope(() => variable(initial()));
}

/** Something that a block owns: another block, or a parameter. */
export type Part = Pick<Block, "parameters" | "dispose"> | Variable;

/**
 * What a block owns, by the names that its parameters start with: parts, lists of parts, and undefined where a part is
 * absent. The parameters of a part with the empty name keep their own names.
 */
export type Parts = Readonly<Record<string, Part | readonly Part[] | undefined>>;

/** The parts one by one; those of a list are `"layers.0"`, `"layers.1"`, … */
export function namedParts(parts: Parts): [name: string, part: Part][] {
  return Object.entries(parts).flatMap(([name, part]): [string, Part][] => {
    if (part === undefined) return [];
    if (!isList(part)) return [[name, part]];
    return part.map((each, index) => [`${name}.${index}`, each]);
  });
}

function isList(part: Part | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

/**
 * The parameters of parts: variables by the names of the parts, those of blocks as `part.name`.
 *
 * @throws ValueError when two parameters have one name
 */
export function joinParameters(parts: Parts): ParameterMap {
  const entries = namedParts(parts).flatMap(([name, part]): [string, Variable][] => {
    if (part instanceof Variable) return [[name, part]];
    return Object.entries(part.parameters()).map(([inner, value]) => [joinNames(name, inner), value]);
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return Object.fromEntries(entries);
  return refuse(ValueError, "joinParameters", "parts", "of distinct parameter names", `"${twice}" twice`);
}

/** The dotted name of a part or parameter inside a part. */
export function joinNames(outer: string, inner: string): string {
  return outer === "" || inner === "" ? outer + inner : `${outer}.${inner}`;
}

/**
 * The present values of parameters; later training does not change them.
 *
 * @throws DisposedError when a parameter was disposed
 */
export function snapshot(parameters: ParameterMap): StateDict {
  checkAlive("stateDict", parameters);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, clone(value)]));
}

/**
 * Sets parameters from a state dict: all of them or, on any fault, none.
 *
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once
 * @throws DTypeError when an entry is no float32 tensor
 * @throws DisposedError when an entry or a parameter was disposed
 */
export function assignState(operation: string, parameters: ParameterMap, state: StateDict, { strict = true }: StateDictOptions = {}): void {
  if (typeof state !== "object" || state === null) refuse(ValueError, operation, "state", "an object of tensors", describeValue(state));
  checkAlive(operation, parameters);
  const names = Object.keys(parameters);
  const given = names.filter((name) => Object.hasOwn(state, name));
  for (const name of given) checkTensor(operation, `state["${name}"]`, state[name]);
  const missing = strict ? names.filter((name) => !Object.hasOwn(state, name)) : [];
  const unexpected = strict ? Object.keys(state).filter((name) => !Object.hasOwn(parameters, name)) : [];
  const misshapen = given.flatMap((name) => misfit(name, parameters[name]!, state[name]!));
  if (missing.length + unexpected.length + misshapen.length > 0) throw new StateDictError(operation, missing, unexpected, misshapen);
  setAll(
    given.map((name) => parameters[name]!),
    given.map((name) => state[name]!),
  );
}

/** Through handles of its own: a state may hold the parameters themselves, which `assign` disposes first. */
function setAll(parameters: readonly Variable[], values: readonly Tensor[]): void {
  scope(() => {
    const handles = values.map(own);
    for (const [index, each] of parameters.entries()) each.assign(handles[index]!);
  });
}

function checkAlive(operation: string, parameters: ParameterMap): void {
  const dead = Object.keys(parameters).find((name) => parameters[name]!.isDisposed);
  if (dead === undefined) return;
  throw new DisposedError({ operation, argument: `parameter "${dead}"`, expected: "alive", received: "a disposed variable" });
}

/** Disposes parts that are still alive; doing it again changes nothing. */
export function disposeParts(parts: Parts): void {
  for (const [, part] of namedParts(parts)) {
    if (!(part instanceof Variable && part.isDisposed)) part.dispose();
  }
}

function misfit(name: string, wanted: Tensor, given: Tensor): string[] {
  const same = wanted.rank === given.rank && wanted.shape.every((size, axis) => size === given.shape[axis]);
  return same ? [] : [`${name} [${given.shape.join(", ")}] instead of [${wanted.shape.join(", ")}]`];
}
