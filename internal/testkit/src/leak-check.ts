import { engine, type KernelBackend } from "@tensorflow/tfjs-core";

/** What is alive in tfjs: tensor handles, named variables, and the buffers of each backend. */
export interface Holdings {
  readonly tensors: number;
  readonly variables: number;
  readonly buffers: ReadonlyMap<KernelBackend, number>;
}

let allowed = false;

/** The running test may leave tensors: those of tfjs's own faulty kernels, or of a program that ends without cleaning up. */
export function allowLeaks(): void {
  allowed = true;
}

/** Ends what {@link allowLeaks} began, and says whether it was called. */
export function forbidLeaks(): boolean {
  const wereAllowed = allowed;
  allowed = false;
  return wereAllowed;
}

/** Backends whose buffers can be counted at any time; those of a GPU are freed later. */
const countedBackends = ["cpu", "wasm"];

/** Counts what is alive now. */
export function holdings(): Holdings {
  const { registry, state } = engine();
  const backends = countedBackends.flatMap((name) => registry[name] ?? []);
  return {
    tensors: state.numTensors,
    variables: Object.keys(state.registeredVariables).length,
    buffers: new Map(backends.map((each) => [each, (each as unknown as { numDataIds(): number }).numDataIds()])),
  };
}

/**
 * Says what `after` holds more (or less) than `before`; undefined when both hold the same. A backend that started in between
 * must be empty, and one that ended no longer counts.
 */
export function leakBetween(before: Holdings, after: Holdings): string | undefined {
  const changes = [
    describe(after.tensors - before.tensors, "tensors"),
    describe(after.variables - before.variables, "variables"),
    ...[...after.buffers].map(([backend, count]) => describe(count - (before.buffers.get(backend) ?? 0), `buffers of ${nameOf(backend)}`)),
  ].filter((each) => each !== "");
  if (changes.length === 0) return undefined;
  return `a test must leave nothing behind, got ${changes.join(", ")}; pass what the test made to use(), or free what the tested code leaks`;
}

function describe(change: number, what: string): string {
  return change === 0 ? "" : `${change > 0 ? "+" : ""}${change} ${what}`;
}

function nameOf(backend: KernelBackend): string {
  return countedBackends.find((name) => engine().registry[name] === backend) ?? "a backend";
}
