import { backend, memory, reshape, setBackend, tensor, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Tolerance } from "../tensors.js";
import type { FuzzCase, FuzzInputs, FuzzRow } from "./fuzz-case.js";
import { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

interface Outcome {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/**
 * Runs cases of one kernel on the CPU backend and on another, and says how the first that differs does: in one line
 * that reproduces it, or undefined. A call that one refuses must be refused by the other; nothing may leak.
 *
 * @param seeds one case for each
 */
export async function fuzzKernel(row: FuzzRow, backendName: string, seeds: readonly number[]): Promise<string | undefined> {
  const cases = seeds.map((seed) => row.make(new FuzzSource(row.kernelName, seed)));
  await setBackend("cpu");
  const expected = cases.map(({ oracle, run, inputs }) => outcomes({ inputs, run: oracle ?? run }));
  await setBackend(backendName);
  for (const [index, each] of cases.entries()) {
    const fault = compare(each, expected[index]!);
    if (fault !== undefined) return `${describe(each)} ${fault}; again: TFBLOCKS_FUZZ=${row.kernelName}:${seeds[index]}`;
  }
  return undefined;
}

function compare(each: FuzzCase, expected: readonly Outcome[] | Error): string | undefined {
  const before = resources();
  const actual = outcomes(each);
  const after = resources();
  if (actual instanceof Error) return expected instanceof Error ? undefined : `throws ${actual.message}`;
  if (expected instanceof Error) return `does not throw ${expected.message}`;
  if (before !== after) return `leaks: ${before} before, ${after} after`;
  for (const [index, wanted] of expected.entries()) {
    const fault = difference(actual[index]!, wanted, each.tolerance ?? { atol: 0, rtol: 0 });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function difference(actual: Outcome, expected: Outcome, { atol, rtol }: Tolerance): string | undefined {
  if (actual.dtype !== expected.dtype) return `is ${actual.dtype}, not ${expected.dtype}`;
  const [shape, wantedShape] = [actual.shape.join(", "), expected.shape.join(", ")];
  if (shape !== wantedShape) return `is [${shape}], not [${wantedShape}]`;
  const exact = expected.dtype !== "float32";
  for (let at = 0; at < expected.values.length; at++) {
    const [ours, theirs] = [actual.values[at]!, expected.values[at]!];
    if (ours === theirs || (Number.isNaN(ours) && Number.isNaN(theirs))) continue;
    if (exact || !(Math.abs(ours - theirs) <= atol + rtol * Math.abs(theirs))) return `[${at}] = ${ours}, not ${theirs}`;
  }
  return undefined;
}

/** What a call gives, on the active backend; or its error. */
function outcomes({ inputs, run }: Pick<FuzzCase, "inputs" | "run">): readonly Outcome[] | Error {
  try {
    return tidy(() => {
      const results = run(fuzzTensors(inputs));
      return (Array.isArray(results) ? (results as readonly Tensor[]) : [results as Tensor]).map(
        (each) => ({ shape: each.shape, dtype: each.dtype, values: each.dataSync() }) as Outcome,
      ) as never;
    });
  } catch (error) {
    return error as Error;
  }
}

/** The inputs of a case on the active backend; the caller owns them. */
export function fuzzTensors(inputs: FuzzInputs): Record<string, Tensor> {
  const made = new Map<FuzzTensor, Tensor>();
  for (const each of Object.values(inputs)) if (!made.has(each)) made.set(each, make(each));
  return Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, made.get(each)!]));
}

function make({ shape, dtype, values, view }: FuzzTensor): Tensor {
  const whole = [...shape] as [number];
  return view ? reshape(tensor(values, [values.length], dtype), whole) : tensor(values, whole, dtype);
}

function resources(): string {
  return `${memory().numTensors} tensors, ${(backend() as unknown as { numDataIds(): number }).numDataIds()} buffers`;
}

/** The call with its tensors: with their numbers where they are few. */
function describe({ inputs, call }: FuzzCase): string {
  const tensors = Object.entries(inputs).map(([name, { shape, dtype, values, view }]) => {
    const numbers = values.length <= 12 ? ` {${values.join(" ")}}` : "";
    return `${name}: ${view ? "reshaped " : ""}${dtype} [${shape.join(", ")}]${numbers}`;
  });
  return `${call} of ${tensors.join(", ")}`;
}
