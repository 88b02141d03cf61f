import { clone, keep, type Tensor, type TensorContainer, tidy } from "@tensorflow/tfjs-core";
import { ValueError } from "./errors.js";

/**
 * Runs a body and frees every tensor it made, except those it returns; also when it throws.
 *
 * The result may be a tensor, an object or array that holds tensors at any depth, or numbers.
 * Inputs from outside are borrowed: they stay alive. A returned tensor belongs to the caller, so a body that
 * may hand back one of its inputs returns {@link own} of it.
 *
 * @throws ValueError when the body returns a promise: tensors made after its first `await` would escape
 */
export function scope<Result>(body: () => Result): Result {
  let result: Result;
  tidy(() => {
    result = body();
    refusePromise(result);
    return ArrayBuffer.isView(result) ? undefined : (result as TensorContainer); // tidy looks at each element: 0.2 µs
  });
  return result!;
}

/** A handle of the caller's own on the same data: disposing one leaves the other alive. */
export function own<Kind extends Tensor>(tensor: Kind): Kind {
  return clone(tensor);
}

/** A handle that outlives every surrounding scope, for caches and parameters; its owner disposes it. */
export function hold<Kind extends Tensor>(tensor: Kind): Kind {
  return keep(clone(tensor));
}

function refusePromise(result: unknown): void {
  if (!isPromise(result)) return;
  result.then(undefined, () => {}); // what it will say of its freed tensors hides this error
  throw new ValueError({
    operation: "scope",
    argument: "body",
    expected: "synchronous",
    received: "a promise",
    advice: "read the data after the scope returns",
  });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
