import type { Checkpoint } from "./checkpoint.js";

/** One place for the bytes of the last checkpoint. */
export interface CheckpointStore {
  /** Replaces what was saved before, or, when it fails, leaves it whole. */
  save(bytes: Uint8Array): Promise<void>;
  /** What was saved last; undefined before the first. */
  load(): Promise<Uint8Array | undefined>;
}

/** A file format of checkpoints, such as safetensors. */
export interface CheckpointFormat {
  /** The checkpoint's tensors stay the caller's. */
  write(checkpoint: Checkpoint): Uint8Array | Promise<Uint8Array>;
  /** A checkpoint of the caller's own. */
  read(bytes: Uint8Array): Checkpoint | Promise<Checkpoint>;
}

/** Keeps the last checkpoint in memory. */
export class MemoryCheckpointStore implements CheckpointStore {
  #bytes: Uint8Array | undefined;

  async save(bytes: Uint8Array): Promise<void> {
    this.#bytes = bytes.slice();
  }

  async load(): Promise<Uint8Array | undefined> {
    return this.#bytes?.slice();
  }
}
