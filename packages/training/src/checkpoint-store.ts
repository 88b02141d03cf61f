import type { Checkpoint } from "./checkpoint.js";

/** Stores the bytes of the last checkpoint. */
export interface CheckpointStore {
  /** Replaces the saved bytes. If it fails, the old bytes remain. */
  save(bytes: Uint8Array): Promise<void>;
  /** The bytes that were saved last; undefined before the first save. */
  load(): Promise<Uint8Array | undefined>;
}

/** A file format for checkpoints, for example `safetensorsFormat`. */
export interface CheckpointFormat {
  /** Borrows the checkpoint's tensors. */
  write(checkpoint: Checkpoint): Uint8Array | Promise<Uint8Array>;
  /** The caller owns the checkpoint's tensors. */
  read(bytes: Uint8Array): Checkpoint | Promise<Checkpoint>;
}

/** Stores the last checkpoint in memory. */
export class InMemoryCheckpointStore implements CheckpointStore {
  #bytes: Uint8Array | undefined;

  async save(bytes: Uint8Array): Promise<void> {
    this.#bytes = bytes.slice();
  }

  async load(): Promise<Uint8Array | undefined> {
    return this.#bytes?.slice();
  }
}
