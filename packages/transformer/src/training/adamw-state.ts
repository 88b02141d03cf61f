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

/** What AdamW remembers of one parameter. */
export interface AdamWState {
  readonly m: Tensor;
  readonly v: Tensor;
  /** Steps taken. */
  readonly step: number;
}

/** The state of each parameter in a state dict, whose tensors it borrows. */
export function readAdamWState(operation: string, state: StateDict): Map<string, AdamWState> {
  const keys = Object.keys(state);
  const names = new Set(keys.flatMap((key) => /^(?:m|v|step)\.(.*)$/s.exec(key)?.[1] ?? []));
  const wanted = [...names].flatMap((name) => [`m.${name}`, `v.${name}`, `step.${name}`]);
  const missing = wanted.filter((key) => !Object.hasOwn(state, key));
  const known = new Set(wanted);
  const unexpected = keys.filter((key) => !known.has(key));
  if (missing.length + unexpected.length > 0) throw new StateDictError(operation, missing, unexpected, []);
  return new Map([...names].map((name) => [name, readOne(operation, name, state)]));
}

/** @throws StateDictError that names every moment of no parameter, and every one of another shape than its parameter */
export function checkMoments(operation: string, state: ReadonlyMap<string, AdamWState>, parameters: ParameterMap): void {
  const isKnown = (name: string) => Object.hasOwn(parameters, name);
  const unexpected = [...state.keys()].filter((name) => !isKnown(name)).map((name) => `m.${name}`);
  const misshapen = [...state].flatMap(([name, { m }]) => (isKnown(name) ? misfit(`m.${name}`, m.shape, parameters[name]!.shape) : []));
  if (unexpected.length + misshapen.length > 0) throw new StateDictError(operation, [], unexpected, misshapen);
}

function misfit(key: string, given: readonly number[], wanted: readonly number[]): string[] {
  return given.join() === wanted.join() ? [] : [`${key} [${given.join(", ")}] instead of [${wanted.join(", ")}]`];
}

function readOne(operation: string, name: string, state: StateDict): AdamWState {
  const [m, v, step] = [`m.${name}`, `v.${name}`, `step.${name}`].map((key) => {
    checkTensor(operation, `state["${key}"]`, state[key], key.startsWith("step.") ? "int32" : "float32");
    return state[key]!;
  }) as [Tensor, Tensor, Tensor];
  demandShape(operation, `v.${name}`, v, m.shape);
  demandShape(operation, `step.${name}`, step, []);
  const steps = step.dataSync()[0]!;
  if (steps < 0) refuse(ValueError, operation, `state["step.${name}"]`, ">= 0", steps);
  checkNumbers(operation, `state["m.${name}"]`, m, "of finite numbers", Number.isFinite);
  checkNumbers(operation, `state["v.${name}"]`, v, "of finite numbers >= 0", (value) => Number.isFinite(value) && value >= 0);
  return { m, v, step: steps };
}

/** A root of less than 0 would make parameters NaN, a step before the loss shows it. */
function checkNumbers(operation: string, argument: string, moment: Tensor, expected: string, isRight: (value: number) => boolean): void {
  if (!readsWithoutStalling()) return;
  const wrong = moment.dataSync().find((value) => !isRight(value));
  if (wrong !== undefined) refuse(ValueError, operation, argument, expected, wrong);
}

function demandShape(operation: string, key: string, { shape }: Tensor, wanted: readonly number[]): void {
  if (shape.join() !== wanted.join()) refuse(ShapeError, operation, `state["${key}"]`, `[${wanted.join(", ")}]`, `[${shape.join(", ")}]`);
}
