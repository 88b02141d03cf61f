import { engine } from "@tensorflow/tfjs-core";

/**
 * Runs a function that makes blocks. If it throws, the parameters that it has made are freed.
 *
 * @returns what the function returns
 * @throws what the function throws
 */
export function building<Result>(build: () => Result): Result {
  const { registeredVariables } = engine().state;
  const before = new Set(Object.keys(registeredVariables));
  try {
    return build();
  } catch (error) {
    const added = Object.keys(registeredVariables).filter((name) => !before.has(name));
    for (const name of added) registeredVariables[name]!.dispose();
    throw error;
  }
}
