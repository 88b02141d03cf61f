import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import type { CheckpointFormat } from "./checkpoint-store.js";

/**
 * Checkpoints as safetensors files: tensors and metadata bit for bit, for whatever reads the format.
 *
 * `write` throws what `writeSafetensors` throws. `read` rejects with a SafetensorsError whose `kind` says which rule the
 * bytes break, and then leaves no tensor behind.
 */
export const safetensorsFormat: CheckpointFormat = {
  write: ({ state, metadata }) => writeSafetensors(state, { metadata }),
  async read(bytes) {
    const reader = await openSafetensors(bytes);
    try {
      return { state: await reader.readAll(), metadata: reader.metadata };
    } finally {
      await reader.close();
    }
  },
};
