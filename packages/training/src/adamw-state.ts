import type { Tensor } from "@tensorflow/tfjs-core";
import {
  checkTensor,
  type ParameterMap,
  readsWithoutStalling,
  refuse,
  ShapeError,
  type StateDict,
  StateDictError,
  ValueError,
} from "@tfblocks/tensor-utils";

/** The state of AdamW for one parameter. */
export interface AdamWState {
  /** First moment: the running mean of the gradient. */
  readonly m: Tensor;
  /** Second moment: the running mean of the squared gradient. */
  readonly v: Tensor;
  /** Number of steps so far. */
  readonly step: number;
}

/**
 * The state of each parameter in a state dict. It borrows the tensors.
 *
 * @param parameters the parameters that the state must belong to; default any
 * @throws StateDictError, ShapeError, DTypeError, DisposedError, ValueError as `AdamW.loadStateDict`
 */
export function readAdamWState(operation: string, state: StateDict, parameters?: ParameterMap): Map<string, AdamWState> {
  const keys = Object.keys(state);
  const found = new Set(keys.flatMap((key) => /^(?:m|v|step)\.(.*)$/s.exec(key)?.[1] ?? []));
  const names = [...found].filter((name) => parameters === undefined || Object.hasOwn(parameters, name));
  const wanted = names.flatMap((name) => [`m.${name}`, `v.${name}`, `step.${name}`]);
  const missing = wanted.filter((key) => !Object.hasOwn(state, key));
  const known = new Set(wanted);
  const unexpected = keys.filter((key) => !known.has(key));
  if (missing.length + unexpected.length > 0) throw new StateDictError(operation, missing, unexpected, []);
  const read = new Map(names.map((name) => [name, readOne(operation, name, state)]));
  if (parameters !== undefined) checkMomentShapes(operation, read, parameters);
  return read;
}

/** @throws StateDictError that names every moment that does not have its parameter's shape */
function checkMomentShapes(operation: string, read: ReadonlyMap<string, AdamWState>, parameters: ParameterMap): void {
  const misshapen = [...read].flatMap(([name, { m, v }]) => [
    ...misfit(`m.${name}`, m.shape, parameters[name]!.shape),
    ...misfit(`v.${name}`, v.shape, parameters[name]!.shape),
  ]);
  if (misshapen.length > 0) throw new StateDictError(operation, [], [], misshapen);
}

function misfit(key: string, actual: readonly number[], wanted: readonly number[]): string[] {
  return actual.join() === wanted.join() ? [] : [`"${key}" is [${actual.join(", ")}], expected [${wanted.join(", ")}]`];
}

function readOne(operation: string, name: string, state: StateDict): AdamWState {
  const [m, v, step] = [`m.${name}`, `v.${name}`, `step.${name}`].map((key) => {
    checkTensor(operation, `state["${key}"]`, state[key], key.startsWith("step.") ? "int32" : "float32");
    return state[key]!;
  }) as [Tensor, Tensor, Tensor];
  checkShape(operation, `v.${name}`, v, m.shape);
  checkShape(operation, `step.${name}`, step, []);
  const steps = step.dataSync()[0]!;
  if (steps < 0) refuse(ValueError, operation, `state["step.${name}"]`, ">= 0", steps);
  checkNumbers(operation, `m.${name}`, m, "of finite numbers", Number.isFinite);
  checkNumbers(operation, `v.${name}`, v, "of finite numbers >= 0", (value) => Number.isFinite(value) && value >= 0);
  return { m, v, step: steps };
}

/** The root of a negative number would make parameters NaN one step before the loss shows it. */
function checkNumbers(operation: string, key: string, moment: Tensor, expected: string, isRight: (value: number) => boolean): void {
  if (!readsWithoutStalling()) return;
  const wrong = moment.dataSync().find((value) => !isRight(value));
  if (wrong !== undefined) refuse(ValueError, operation, `state["${key}"]`, expected, wrong);
}

function checkShape(operation: string, key: string, { shape }: Tensor, wanted: readonly number[]): void {
  if (shape.join() !== wanted.join()) refuse(ShapeError, operation, `state["${key}"]`, `[${wanted.join(", ")}]`, `[${shape.join(", ")}]`);
}
