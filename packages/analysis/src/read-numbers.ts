import type { Tensor } from "@tensorflow/tfjs-core";

/** The numbers of a tensor, which is freed. */
export async function readNumbers(tensor: Tensor): Promise<ArrayLike<number>> {
  try {
    return await tensor.data();
  } finally {
    tensor.dispose();
  }
}
