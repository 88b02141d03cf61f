import { dispose } from "@tensorflow/tfjs-core";
import { DTypeError, type ParameterMap, StateDictError } from "@tfblocks/tensor-utils";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import type { LayoutPlan } from "@tfblocks/weights/layouts";

/** The dtypes that become float32. */
const floats = ["F32", "F16", "BF16", "F64"];

/**
 * Refuses a plan whose entries are not the parameters, or whose tensors are not numbers with a fraction.
 *
 * @throws StateDictError that names every missing, unexpected and misshapen parameter
 */
export function checkPlan({ entries }: LayoutPlan, parameters: ParameterMap, weights: SafetensorsReader): void {
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
  const other = [...entries.keys()].find((name) => !floats.includes(weights.info(name).dtype));
  if (other === undefined) return;
  const fault = {
    operation: "loadModel",
    argument: `weights["${other}"]`,
    expected: "of F32, F16, BF16 or F64",
    received: weights.info(other).dtype,
  };
  throw new DTypeError(fault);
}

/** Reads the entries of a plan in the order of their data and sets the parameters. One entry at a time is in memory beside them. */
export async function fillParameters(
  parameters: ParameterMap,
  plan: LayoutPlan,
  weights: SafetensorsReader,
  { onProgress, signal }: ReadOptions,
): Promise<void> {
  const names = weights.names.filter((name) => plan.entries.has(name));
  const sizes = names.map((name) => bytesOf(weights, name));
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let before = 0;
  for (const [index, name] of names.entries()) {
    const done = before;
    const report =
      onProgress && (({ loadedBytes }: { loadedBytes: number }) => onProgress({ loadedBytes: done + loadedBytes, totalBytes, name }));
    await setFrom(name, parameters, plan, weights, { onProgress: report, signal });
    before += sizes[index]!;
  }
}

async function setFrom(
  name: string,
  parameters: ParameterMap,
  plan: LayoutPlan,
  weights: SafetensorsReader,
  options: ReadOptions,
): Promise<void> {
  const theirs = await weights.read(name, options);
  try {
    const ours = plan.convert(name, theirs);
    for (const [each, value] of Object.entries(ours)) parameters[each]!.assign(value);
    dispose(ours);
  } finally {
    theirs.dispose();
  }
}

function bytesOf(weights: SafetensorsReader, name: string): number {
  const [begin, end] = weights.info(name).offsets;
  return end - begin;
}
