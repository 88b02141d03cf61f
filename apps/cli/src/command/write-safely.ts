import { FileCheckpointStore } from "@tfblocks/transformer/training/node";

/** Writes a file as checkpoints are written: beside its place, flushed, then moved, so that the old one or the new one is whole. */
export async function writeSafely(path: string, content: string | Uint8Array): Promise<void> {
  await new FileCheckpointStore(path).save(typeof content === "string" ? new TextEncoder().encode(content) : content);
}
