import { dispose, tensor } from "@tensorflow/tfjs-core";
import { writeSafetensors } from "../write-safetensors.js";

/** A file of three tensors and one entry of metadata. */
export function smallFile(): Uint8Array {
  const state = { a: tensor([1, 2, 3]), b: tensor([[4], [5]]), c: tensor([6]) };
  const file = writeSafetensors(state, { metadata: { step: "7" } });
  dispose(state);
  return file;
}
