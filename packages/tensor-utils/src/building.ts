import { engine } from "@tensorflow/tfjs-core";

/**
 * Runs a builder of blocks. When it throws, the parameters that it has made so far are freed.
 *
 * @returns what the builder returns
 * @throws what the builder throws
 */
export function building<Made>(build: () => Made): Made {
  const { registeredVariables } = engine().state;
  const before = new Set(Object.keys(registeredVariables));
  try {
    return build();
  } catch (error) {
    const made = Object.keys(registeredVariables).filter((name) => !before.has(name));
    for (const name of made) registeredVariables[name]!.dispose();
    throw error;
  }
}
