import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import type { CheckpointFormat } from "./checkpoint-store.js";

/**
 * Checkpoints as safetensors files, with tensors and metadata bit for bit.
 *
 * `write` throws what `writeSafetensors` throws. `read` rejects with a SafetensorsError whose `kind` names the violated
 * rule; it then leaks no tensor.
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
