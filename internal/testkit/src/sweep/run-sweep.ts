import { backend, engine, fill, setBackend, tensor, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { FuzzTensor } from "../fuzz/fuzz-tensor.js";
import type { SweepCase } from "./sweep-case.js";

interface Result {
  readonly dtype: string;
  readonly shape: string;
  readonly values: ArrayLike<number | string>;
}

/** How a call ended on both backends where they differ. */
export interface SweepDifference {
  readonly call: string;
  readonly kernelName: string;
  /** What the CPU backend gives, or the message of its error. */
  readonly expected: string;
  readonly actual: string;
  readonly refused: boolean;
}

/**
 * Runs each call on the CPU backend and on another; returns those that differ by more than 1e-5, or leave buffers behind.
 * Freed memory is full of NaN, so that outputs that stay unwritten show.
 */
export async function sweepKernels(cases: readonly SweepCase[], backendName: string): Promise<SweepDifference[]> {
  await setBackend("cpu");
  const expected = cases.map(run);
  await setBackend(backendName);
  return cases.flatMap((each, index) => {
    fill([2048], Number.NaN).dispose();
    const before = buffers();
    const [wanted, actual] = [expected[index]!, run(each)];
    const leaked = buffers() - before;
    if (equal(wanted, actual) && leaked === 0) return [];
    return [
      {
        call: describe(each),
        kernelName: each.kernelName,
        expected: show(wanted),
        actual: `${show(actual)}${leaked === 0 ? "" : `, leaks ${leaked}`}`,
        refused: typeof actual === "string",
      },
    ];
  });
}

function buffers(): number {
  return (backend() as unknown as { numDataIds(): number }).numDataIds();
}

function run({ kernelName, inputs, attrs }: SweepCase): readonly Result[] | string {
  try {
    return tidy(() => {
      const made = Array.isArray(inputs)
        ? (inputs as readonly FuzzTensor[]).map(make)
        : Object.fromEntries(Object.entries(inputs as Record<string, FuzzTensor>).map(([name, each]) => [name, make(each)]));
      const outputs = engine().runKernel<Tensor | Tensor[]>(kernelName, made as never, structuredClone(attrs) as never);
      return (Array.isArray(outputs) ? outputs : [outputs]).map((each) => ({
        dtype: each.dtype,
        shape: each.shape.join(),
        values: each.dataSync(),
      })) as never;
    });
  } catch (error) {
    return (error as Error).message;
  }
}

function make({ shape, dtype, values }: FuzzTensor): Tensor {
  return tensor(values, [...shape] as [number], dtype);
}

function equal(wanted: readonly Result[] | string, actual: readonly Result[] | string): boolean {
  if (typeof wanted === "string" || typeof actual === "string") return typeof wanted === typeof actual;
  return wanted.length === actual.length && wanted.every((each, at) => sameResult(each, actual[at]!));
}

function sameResult(wanted: Result, actual: Result): boolean {
  if (wanted.dtype !== actual.dtype || wanted.shape !== actual.shape || wanted.values.length !== actual.values.length) return false;
  return Array.from(wanted.values).every((each, at) => {
    const other = actual.values[at]!;
    if (Object.is(each, other) || each === other) return true;
    return wanted.dtype === "float32" && Math.abs(Number(each) - Number(other)) <= 1e-5 * (1 + Math.abs(Number(each)));
  });
}

function describe({ kernelName, inputs, attrs }: SweepCase): string {
  const tensors = Object.entries(inputs as Record<string, FuzzTensor>).map(
    ([name, { dtype, shape }]) => `${name}: ${dtype} [${shape.join(", ")}]`,
  );
  return `${kernelName}(${tensors.join(", ")}) ${JSON.stringify(attrs)}`;
}

function show(result: readonly Result[] | string): string {
  if (typeof result === "string") return `throws ${result}`;
  return result.map(({ dtype, shape, values }) => `${dtype} [${shape}] {${Array.from(values).slice(0, 6).join(" ")}}`).join("; ");
}
