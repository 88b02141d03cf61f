import { dispose, type Variable } from "@tensorflow/tfjs-core";
import type { Precision, QuantizedMatrix } from "@tfblocks/quantization";
import type { ParameterMap, StateDict } from "@tfblocks/tensor-utils";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import type { LayoutPlan } from "@tfblocks/weights/layouts";
import type { Matrices } from "./build-matrices.js";
import { readQuantized } from "./read-quantized.js";
import { roundTensor, roundWhole } from "./round-tensor.js";
import { layerOf, type StoredEntry, type StoredWeights, tensorsOf } from "./stored-weights.js";

/** A model without numbers, and where they come from. */
interface Filling {
  readonly parameters: ParameterMap;
  readonly plan: LayoutPlan;
  readonly stored: StoredWeights;
  readonly weights: SafetensorsReader;
  /** The parts that can be quantised. */
  readonly quantizable: ReadonlySet<string>;
  /** The parts that are rounded as they are read. */
  readonly precisions: ReadonlyMap<string, Precision>;
  /** Gets the matrices of quantised parts, by the names of the parts, also when filling fails; the caller owns them. */
  readonly matrices: Map<string, QuantizedMatrix>;
}

/**
 * Reads the entries of a plan in the order of their data. One entry at a time is in memory beside the model; of one that is quantised,
 * some rows.
 */
export async function fillModel(filling: Filling, { onProgress, signal }: ReadOptions): Promise<void> {
  const { plan, stored, weights } = filling;
  const entries = [...stored].filter(([name]) => plan.entries.has(name));
  const sizes = entries.map(([, entry]) => bytesOf(weights, entry));
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let before = 0;
  for (const [index, [name, entry]] of entries.entries()) {
    const report = onProgress && progressFrom(before, (loadedBytes) => onProgress({ loadedBytes, totalBytes, name: entry.name }));
    await fillEntry(name, filling, { onProgress: report, signal });
    before += sizes[index]!;
  }
}

/** Adds up the bytes of one entry, which are read from several tensors. */
function progressFrom(before: number, report: (loadedBytes: number) => void): NonNullable<ReadOptions["onProgress"]> {
  let tensor = "";
  let [done, last] = [before, 0];
  return ({ loadedBytes, name }) => {
    if (name !== tensor) [done, tensor] = [done + last, name];
    last = loadedBytes;
    report(done + loadedBytes);
  };
}

async function fillEntry(name: string, filling: Filling, options: ReadOptions): Promise<void> {
  const { plan, stored, weights } = filling;
  const [entry, ours, rows] = [stored.get(name)!, Object.keys(plan.entries.get(name)!), plan.rows(name)];
  if (entry.precision !== undefined) return setMatrices(await readQuantized(entry, rows!, weights, options), filling);
  const precisions = precisionsOf(ours, filling);
  if (rows === undefined || Object.keys(precisions).length < ours.length) return setFrom(name, precisions, filling, options);
  setMatrices(await roundTensor(entry, rows, precisions, weights, options), filling);
}

/** Those of our tensors that are rounded. */
function precisionsOf(ours: readonly string[], { precisions }: Filling): Readonly<Record<string, Precision>> {
  return Object.fromEntries(
    ours.flatMap((each) => {
      const precision = each === layerOf(each) ? undefined : precisions.get(layerOf(each));
      return precision === undefined ? [] : [[each, precision]];
    }),
  );
}

/** Reads a whole tensor, where its rows do not stay whole or some of its parts are not quantised. */
async function setFrom(
  name: string,
  precisions: Readonly<Record<string, Precision>>,
  filling: Filling,
  options: ReadOptions,
): Promise<void> {
  const { parameters, plan, stored, weights } = filling;
  const theirs = await weights.read(stored.get(name)!.name, options);
  const ours: StateDict = {};
  try {
    Object.assign(ours, plan.convert(name, theirs));
    for (const [each, value] of Object.entries(ours)) {
      const precision = precisions[each];
      if (precision === undefined) parameters[each]!.assign(value);
      else setMatrices(await roundWhole(each, value, precision), filling);
    }
  } finally {
    theirs.dispose();
    dispose(ours);
  }
}

/** Keeps matrices for the parts that can have one; parameters of other parts, for example learned positions, are widened. */
function setMatrices(made: Matrices, { parameters, quantizable, matrices }: Filling): void {
  for (const [name, matrix] of Object.entries(made)) {
    if (quantizable.has(layerOf(name))) matrices.set(layerOf(name), matrix);
    else setWidened(parameters[name]!, matrix);
  }
}

function setWidened(parameter: Variable, matrix: QuantizedMatrix): void {
  try {
    const wide = matrix.widen();
    parameter.assign(wide);
    wide.dispose();
  } finally {
    matrix.dispose();
  }
}

function bytesOf(weights: SafetensorsReader, entry: StoredEntry): number {
  const names: readonly string[] = entry.precision === undefined ? [entry.name] : tensorsOf(entry);
  return names.map((name) => weights.info(name).offsets).reduce((sum, [begin, end]) => sum + end - begin, 0);
}
