import { engine, Tensor, tidy } from "@tensorflow/tfjs-core";

interface Disposable {
  dispose(): void;
}

let running = false;
let firstTensorId = 0;
const used = new Set<Disposable>();

/**
 * Hands a value to the test kit, which disposes it after the test: a tensor, a block, whatever has `dispose`, or an array or
 * plain object of these. What is made outside a test, or is older than it, stays as it is. Returns the value.
 *
 * A function makes an input in several steps: its result is used, and what it made on the way is freed at once.
 */
export function use<Made>(make: () => Made): Made;
export function use<const Value>(value: Value): Value;
export function use(value: unknown): unknown {
  const made = typeof value === "function" ? tidy(value as () => Tensor) : value;
  if (running) register(made);
  return made;
}

function register(value: unknown): void {
  if (isDisposable(value)) {
    if (!(value instanceof Tensor) || value.id >= firstTensorId) used.add(value);
  } else {
    for (const part of partsOf(value)) register(part);
  }
}

/** From here to {@link disposeUsed} a test runs. */
export function startUsing(): void {
  running = true;
  firstTensorId = engine()["nextTensorId"]();
}

/** Disposes what the test used, the newest first. Disposing twice is harmless, and so is what ended with its backend. */
export function disposeUsed(): void {
  running = false;
  const newestFirst = [...used].toReversed();
  used.clear();
  for (const each of newestFirst) disposeQuietly(each);
}

function disposeQuietly(value: Disposable): void {
  try {
    value.dispose();
  } catch (error) {
    if (!(value instanceof Tensor)) throw error;
    // The test removed the backend that held it.
  }
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === "object" && value !== null && "dispose" in value && typeof value.dispose === "function";
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}
