import { tensor, type Tensor } from "@tensorflow/tfjs-core";

/** A float32 tensor for each shape; every element of all of them is another number: 0, 1, 2, … */
export function stateOfShapes(shapes: Readonly<Record<string, readonly number[]>>): Record<string, Tensor> {
  let next = 0;
  const fill = (shape: readonly number[]) => Float32Array.from({ length: shape.reduce((count, size) => count * size, 1) }, () => next++);
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tensor(fill(shape), [...shape] as [number], "float32")]));
}

/** The shape and the elements of each tensor. */
export async function contentsOf(state: Readonly<Record<string, Tensor>>): Promise<Record<string, unknown>> {
  const entries = Object.entries(state).map(async ([name, each]) => [name, { shape: each.shape, data: await each.data() }] as const);
  return Object.fromEntries(await Promise.all(entries));
}
