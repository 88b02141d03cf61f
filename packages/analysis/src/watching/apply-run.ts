import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * Calls the function that applies a watched model.
 *
 * @throws ValueError when `run` is not a function, or returns a promise: what it computes after its first `await` would be missed
 */
export function applyRun<Model, Result>(operation: string, model: Model, run: (model: Model) => Result): Result {
  if (typeof run !== "function") refuse(ValueError, operation, "run", "a function that applies the model", describeValue(run));
  const result = run(model);
  if (!isPromise(result)) return result;
  result.then(undefined, () => {}); // ignore its later rejection, which would hide this error
  const advice = `return tensors, and read their data after ${operation}`;
  return refuse(ValueError, operation, "run", "a synchronous function", "one that returns a promise", advice);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
