const repeatable = new WeakSet<object>();

/**
 * Says that the JavaScript of a model's blocks does the same at each step, and has no effect besides its result, so that `generate` may
 * repeat the kernels of a step. Builders and loaders say so of what they make. Do it for a model that you have composed or changed.
 *
 * @returns the model
 */
export function allowRepetition<Model extends object>(model: Model): Model {
  repeatable.add(model);
  return model;
}

/** Whether {@link allowRepetition} was called for this model. */
export function mayBeRepeated(model: object): boolean {
  return repeatable.has(model);
}
