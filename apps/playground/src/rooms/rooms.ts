import type { Room } from "./room.js";

/** Every room, in the order of the navigation; the first is where a link without a room leads. */
export const rooms: readonly [Room, ...Room[]] = [
  { id: "attention", title: "Attention", load: async () => (await import("./attention/attention-room.js")).AttentionRoom },
  { id: "blocks", title: "Building blocks", load: async () => (await import("./blocks/blocks-room.js")).BlocksRoom },
  { id: "layer", title: "One layer", load: async () => (await import("./layer/layer-room.js")).LayerRoom },
  { id: "training", title: "Training", load: async () => (await import("./training/training-room.js")).TrainingRoom },
];

/** The room of that name, or the first. */
export function findRoom(id: string): Room {
  return rooms.find((room) => room.id === id) ?? rooms[0];
}
