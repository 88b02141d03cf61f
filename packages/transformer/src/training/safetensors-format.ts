import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import type { CheckpointFormat } from "./checkpoint-store.js";

/** Checkpoints as safetensors files: the weights in them are those of the model, under `model.` and their names. */
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
