import { engine } from "@tensorflow/tfjs-core";

/** Runs a builder; when it throws, the parameters that it has made are freed. */
export function building<Model>(build: () => Model): Model {
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
