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

/** The state of each parameter in a state dict, whose tensors it borrows; of these parameters, where they are given. */
export function readAdamWState(operation: string, state: StateDict, parameters?: ParameterMap): Map<string, AdamWState> {
  const keys = Object.keys(state);
  const found = new Set(keys.flatMap((key) => /^(?:m|v|step)\.(.*)$/s.exec(key)?.[1] ?? []));
  const names = [...found].filter((name) => parameters === undefined || Object.hasOwn(parameters, name));
  const wanted = names.flatMap((name) => [`m.${name}`, `v.${name}`, `step.${name}`]);
  const missing = wanted.filter((key) => !Object.hasOwn(state, key));
  const known = new Set(wanted);
  const unexpected = keys.filter((key) => !known.has(key));
  if (missing.length + unexpected.length > 0) throw new StateDictError(operation, missing, unexpected, []);
  return new Map(names.map((name) => [name, readOne(operation, name, state, parameters?.[name])]));
}

function readOne(operation: string, name: string, state: StateDict, parameter?: Tensor): AdamWState {
  const [m, v, step] = [`m.${name}`, `v.${name}`, `step.${name}`].map((key) => {
    checkTensor(operation, `state["${key}"]`, state[key], key.startsWith("step.") ? "int32" : "float32");
    return state[key]!;
  }) as [Tensor, Tensor, Tensor];
  demandShape(operation, `m.${name}`, m, (parameter ?? m).shape);
  demandShape(operation, `v.${name}`, v, m.shape);
  demandShape(operation, `step.${name}`, step, []);
  const steps = step.dataSync()[0]!;
  if (steps < 0) refuse(ValueError, operation, `state["step.${name}"]`, ">= 0", steps);
  demandNumbers(operation, `m.${name}`, m, -Infinity);
  demandNumbers(operation, `v.${name}`, v, 0);
  return { m, v, step: steps };
}

/** The root of less than 0 would make parameters NaN a step before the loss shows it. */
function demandNumbers(operation: string, key: string, moment: Tensor, least: number): void {
  if (!readsWithoutStalling()) return;
  const wrong = moment.dataSync().find((value) => !(Number.isFinite(value) && value >= least));
  if (wrong !== undefined) refuse(ValueError, operation, `state["${key}"]`, `finite and >= ${least}`, wrong);
}

function demandShape(operation: string, key: string, { shape }: Tensor, wanted: readonly number[]): void {
  if (shape.join() !== wanted.join()) refuse(ShapeError, operation, `state["${key}"]`, `[${wanted.join(", ")}]`, `[${shape.join(", ")}]`);
}
