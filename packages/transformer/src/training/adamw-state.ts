import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, refuse, ShapeError, type StateDict, StateDictError, ValueError } from "@tfblocks/tensor-utils";

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

function readOne(operation: string, name: string, state: StateDict): AdamWState {
  const [m, v, step] = [`m.${name}`, `v.${name}`, `step.${name}`].map((key) => {
    checkTensor(operation, `state["${key}"]`, state[key], key.startsWith("step.") ? "int32" : "float32");
    return state[key]!;
  }) as [Tensor, Tensor, Tensor];
  demandShape(operation, `v.${name}`, v, m.shape);
  demandShape(operation, `step.${name}`, step, []);
  const steps = step.dataSync()[0]!;
  if (steps < 0) refuse(ValueError, operation, `state["step.${name}"]`, ">= 0", steps);
  return { m, v, step: steps };
}

function demandShape(operation: string, key: string, { shape }: Tensor, wanted: readonly number[]): void {
  if (shape.join() !== wanted.join()) refuse(ShapeError, operation, `state["${key}"]`, `[${wanted.join(", ")}]`, `[${shape.join(", ")}]`);
}
