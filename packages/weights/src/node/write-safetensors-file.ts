import type { FileHandle } from "node:fs/promises";
import { Tensor } from "@tensorflow/tfjs-core";
import { bytesOf, planSafetensors, type WriteOptions, type WrittenState } from "../plan-safetensors.js";
import { replaceFile } from "./replace-file.js";

/** Options of {@link writeSafetensorsFile}. */
export interface WriteFileOptions extends WriteOptions {
  /** Stops between two tensors and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a state dict to a file, one tensor at a time, with {@link replaceFile}: a crash, a full disk or an abort leaves the
 * old file.
 *
 * @param state borrowed until the promise settles
 * @throws what `writeSafetensors` throws, the system's error when the file cannot be written, and the signal's reason
 */
export async function writeSafetensorsFile(
  path: string,
  state: WrittenState,
  { signal, ...options }: WriteFileOptions = {},
): Promise<void> {
  const { head, entries } = planSafetensors("writeSafetensorsFile", state, options);
  const write = async (file: FileHandle): Promise<void> => {
    await file.writeFile(head);
    for (const entry of entries) {
      signal?.throwIfAborted();
      const values = entry.tensor instanceof Tensor ? await entry.tensor.data() : undefined;
      await file.writeFile(bytesOf("writeSafetensorsFile", entry, values));
    }
  };
  await replaceFile(path, write, { signal });
}
