import { DTypeError, type ParameterMap, StateDictError } from "@tfblocks/tensor-utils";
import type { SafetensorsReader } from "@tfblocks/weights";
import type { LayoutPlan } from "@tfblocks/weights/layouts";
import { isFloat, type StoredWeights } from "./stored-weights.js";

/**
 * Refuses a plan whose entries are not the parameters, or whose tensors are not numbers with a fraction.
 *
 * @throws StateDictError that names every missing, unexpected and misshapen parameter
 */
export function checkPlan({ entries }: LayoutPlan, parameters: ParameterMap, stored: StoredWeights, weights: SafetensorsReader): void {
  const planned = new Map([...entries.values()].flatMap((each) => Object.entries(each)));
  const missing = Object.keys(parameters).filter((name) => !planned.has(name));
  const unexpected = [...planned.keys()].filter((name) => !Object.hasOwn(parameters, name));
  const misshapen = Object.entries(parameters).flatMap(([name, { shape }]) => {
    const given = planned.get(name);
    return given === undefined || given.join() === shape.join()
      ? []
      : [`"${name}" is [${given.join(", ")}], expected [${shape.join(", ")}]`];
  });
  if (missing.length + unexpected.length + misshapen.length > 0) throw new StateDictError("loadModel", missing, unexpected, misshapen);
  const plain = [...entries.keys()].map((name) => stored.get(name)!).filter(({ precision }) => precision === undefined);
  const other = plain.find(({ name }) => !isFloat(weights, name))?.name;
  if (other === undefined) return;
  const fault = {
    operation: "loadModel",
    argument: `weights["${other}"]`,
    expected: "of F32, F16, BF16 or F64",
    received: weights.info(other).dtype,
  };
  throw new DTypeError(fault);
}
