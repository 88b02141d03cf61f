import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { StateDict } from "@tfblocks/tensor-utils";
import { encode, type FilePlan, planSafetensors, type WriteOptions } from "../plan-safetensors.js";

/** Options of {@link writeSafetensorsFile}. */
export interface WriteFileOptions extends WriteOptions {
  /** Gives up between two tensors, and rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a state dict to a file, one tensor at a time: into a new file beside it, which takes its place once it is
 * safely on the disk. So a crash, a full disk or an abort leaves what was there before.
 *
 * @param state borrowed until the promise settles
 * @throws what `writeSafetensors` throws, the system's error when the disk does, and the signal's reason
 */
export async function writeSafetensorsFile(path: string, state: StateDict, { signal, ...options }: WriteFileOptions = {}): Promise<void> {
  const plan = planSafetensors("writeSafetensorsFile", state, options);
  signal?.throwIfAborted();
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    await writeDurably(unfinished, plan, signal);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, plan: FilePlan, signal: AbortSignal | undefined): Promise<void> {
  const file = await open(path, "wx");
  try {
    await writeParts(file, plan, signal);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeParts(file: FileHandle, { head, entries }: FilePlan, signal: AbortSignal | undefined): Promise<void> {
  await file.writeFile(head);
  for (const { tensor, dtype } of entries) {
    signal?.throwIfAborted();
    await file.writeFile(encode(await tensor.data(), dtype));
  }
}

/** Makes the new name last; not every system can do that to a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
