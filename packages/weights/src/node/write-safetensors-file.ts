import type { FileHandle } from "node:fs/promises";
import type { StateDict } from "@tfblocks/tensor-utils";
import { encode, planSafetensors, type WriteOptions } from "../plan-safetensors.js";
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
export async function writeSafetensorsFile(path: string, state: StateDict, { signal, ...options }: WriteFileOptions = {}): Promise<void> {
  const { head, entries } = planSafetensors("writeSafetensorsFile", state, options);
  const write = async (file: FileHandle): Promise<void> => {
    await file.writeFile(head);
    for (const { tensor, dtype } of entries) {
      signal?.throwIfAborted();
      await file.writeFile(encode(await tensor.data(), dtype));
    }
  };
  await replaceFile(path, write, { signal });
}
