import { clone, type Tensor, variable, Variable } from "@tensorflow/tfjs-core";
import { checkTensor } from "./check-shapes.js";
import { demandBackend } from "./demand-backend.js";
import { describeValue } from "./describe-value.js";
import { ArgumentError, DisposedError, ValueError } from "./errors.js";
import { checkOptions } from "./options.js";
import { refuse } from "./refuse.js";
import { own, scope } from "./scope.js";

/** Trainable tensors by stable dotted name, for example `"output.weight"`. */
export type ParameterMap = Readonly<Record<string, Variable>>;

/** Parameter values by the same names. The caller owns the tensors. */
export type StateDict = Record<string, Tensor>;

/** Options of {@link Block.loadStateDict}. */
export interface StateDictOptions {
  /** Whether to reject missing and unexpected names; default true. Shapes must match in either case. */
  readonly strict?: boolean;
}

/**
 * A part of a model that has parameters.
 *
 * `apply` borrows its inputs, returns outputs that the caller owns, and frees everything else that it allocates. It
 * modifies nothing except caches that are passed to it. Training is an option of the call. `dispose` may be called
 * more than once.
 */
export interface Block<Inputs extends readonly unknown[] = readonly [x: Tensor], Output = Tensor> {
  apply(...inputs: Inputs): Output;
  parameters(): ParameterMap;
  /** A snapshot of the parameters; the caller owns its tensors. */
  stateDict(): StateDict;
  /** Sets all parameters, or none when the state does not match. The tensors of the state are borrowed. */
  loadStateDict(state: StateDict, options?: StateDictOptions): void;
  dispose(): void;
}

/** A state dict does not match a block's parameters. Its fields list every missing, unexpected and misshapen entry. */
export class StateDictError extends ArgumentError {
  override readonly name = "StateDictError";
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshapen: readonly string[];

  /** @param misshapen one clause for each entry, for example `'"weight" is [3], expected [2]'` */
  constructor(operation: string, missing: readonly string[], unexpected: readonly string[], misshapen: readonly string[]) {
    const received = [...listed("missing", missing), ...listed("unexpected", unexpected), ...misshapen].join("; ");
    super({ operation, argument: "state", expected: "the parameters", received });
    this.message = `${operation}: state does not match the parameters: ${received}`;
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshapen = misshapen;
  }
}

function listed(fault: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${fault} ${names.map((name) => JSON.stringify(name)).join(", ")}`];
}

/** A trainable variable. Its initial value is copied. @throws ValueError when no backend is registered */
export function parameter(initial: () => Tensor): Variable {
  demandBackend("parameter");
  return scope(() => variable(initial()));
}

/** A part of a block: another block, or a parameter. A block may have buffers, which are saved and loaded but never trained. */
export type Part = (Pick<Block, "parameters" | "dispose"> & { readonly buffers?: () => ParameterMap }) | Variable;

/**
 * The parts of a block by name. A value may be a list of parts, or undefined for an optional part that is absent. The name
 * of a part is the prefix of its parameters' names; the empty name adds no prefix.
 */
export type Parts = Readonly<Record<string, Part | readonly Part[] | undefined>>;

/** The parts with their names; the parts of a list are named `"layers.0"`, `"layers.1"`, … */
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
 * The parameters of all parts. A variable has the name of its part; the parameters of a block are named `part.name`.
 *
 * @throws ValueError when two parameters have the same name
 */
export function joinParameters(parts: Parts): ParameterMap {
  return joinVariables(parts, (part) => (part instanceof Variable ? { "": part } : part.parameters()));
}

/** What parts keep besides their parameters: saved and loaded with them, but not trained. Named as by {@link joinParameters}. */
export function joinBuffers(parts: Parts): ParameterMap {
  return joinVariables(parts, (part) => (part instanceof Variable ? {} : (part.buffers?.() ?? {})));
}

function joinVariables(parts: Parts, inside: (part: Part) => ParameterMap): ParameterMap {
  const entries = namedParts(parts).flatMap(([name, part]) =>
    Object.entries(inside(part)).map(([inner, value]) => [joinNames(name, inner), value] as const),
  );
  const names = entries.map(([name]) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (duplicate === undefined) return Object.fromEntries(entries);
  return refuse(ValueError, "joinParameters", "parts", "blocks and variables whose parameter names differ", `"${duplicate}" twice`);
}

/** The dotted name of a part or parameter inside another part. */
export function joinNames(outer: string, inner: string): string {
  return outer === "" || inner === "" ? outer + inner : `${outer}.${inner}`;
}

/**
 * The current values of parameters. Later training does not change them.
 *
 * @throws DisposedError when a parameter was disposed
 */
export function snapshot(parameters: ParameterMap): StateDict {
  checkAlive("stateDict", parameters);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, clone(value)]));
}

/**
 * Sets parameters from a state dict: all of them, or none when the state does not match.
 *
 * @throws StateDictError that lists every missing, unexpected and misshapen entry
 * @throws DTypeError when an entry does not have the type of its parameter, which is float32
 * @throws DisposedError when an entry or a parameter was disposed
 * @throws ValueError when the state is not an object, or an option is unknown
 */
export function assignState(operation: string, parameters: ParameterMap, state: StateDict, options: StateDictOptions = {}): void {
  const { strict = true } = checkOptions(operation, options, { strict: "flag" });
  if (typeof state !== "object" || state === null) refuse(ValueError, operation, "state", "an object of tensors", describeValue(state));
  checkAlive(operation, parameters);
  const names = Object.keys(parameters);
  const present = names.filter((name) => Object.hasOwn(state, name));
  for (const name of present) checkTensor(operation, `state["${name}"]`, state[name], parameters[name]!.dtype);
  const missing = strict ? names.filter((name) => !Object.hasOwn(state, name)) : [];
  const unexpected = strict ? Object.keys(state).filter((name) => !Object.hasOwn(parameters, name)) : [];
  const misshapen = present.flatMap((name) => shapeFault(name, parameters[name]!, state[name]!));
  if (missing.length + unexpected.length + misshapen.length > 0) throw new StateDictError(operation, missing, unexpected, misshapen);
  setAll(
    present.map((name) => parameters[name]!),
    present.map((name) => state[name]!),
  );
}

/** Clones the values first: a state may contain the parameters themselves, and `assign` disposes their old values. */
function setAll(parameters: readonly Variable[], values: readonly Tensor[]): void {
  scope(() => {
    const clones = values.map(own);
    for (const [index, each] of parameters.entries()) each.assign(clones[index]!);
  });
}

function checkAlive(operation: string, parameters: ParameterMap): void {
  const disposed = Object.keys(parameters).find((name) => parameters[name]!.isDisposed);
  if (disposed === undefined) return;
  throw new DisposedError({ operation, argument: `parameter "${disposed}"`, expected: "alive", received: "a disposed variable" });
}

/** Disposes parts. Parts that are already disposed are skipped. */
export function disposeParts(parts: Parts): void {
  for (const [, part] of namedParts(parts)) {
    if (!(part instanceof Variable && part.isDisposed)) part.dispose();
  }
}

function shapeFault(name: string, expected: Tensor, received: Tensor): string[] {
  const same = expected.rank === received.rank && expected.shape.every((size, axis) => size === received.shape[axis]);
  return same ? [] : [`"${name}" is [${received.shape.join(", ")}], expected [${expected.shape.join(", ")}]`];
}
