import { engine, type Tensor } from "@tensorflow/tfjs-core";

/** The data of tensors that have a shape and no numbers. */
const unset = new WeakSet<object>();

/** A float32 tensor of a shape, without memory for its elements. It may be cloned, assigned over and disposed, and nothing else. */
export function unsetTensor(shape: readonly number[]): Tensor {
  const { backend } = engine();
  const dataId = backend.write(new Float32Array(0), [0], "float32");
  unset.add(dataId);
  return engine().makeTensorFromDataId(dataId, [...shape], "float32", backend);
}

/** Whether a tensor has a shape and no numbers. */
export function isUnset({ dataId }: Tensor): boolean {
  return unset.has(dataId);
}

/** The bytes of parameters without numbers, which tfjs counts and which take no memory. */
export function unsetBytes(): number {
  const variables = Object.values(engine().state.registeredVariables).filter(isUnset);
  return variables.reduce((sum, { size }) => sum + 4 * size, 0);
}
