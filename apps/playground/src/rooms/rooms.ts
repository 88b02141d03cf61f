import type { Room } from "./room.js";

/** All rooms in the order of the navigation. The first one is the default. */
export const rooms: readonly [Room, ...Room[]] = [
  { id: "attention", title: "Attention", load: async () => (await import("./attention/attention-room.js")).AttentionRoom },
  { id: "blocks", title: "Building blocks", load: async () => (await import("./blocks/blocks-room.js")).BlocksRoom },
  { id: "layer", title: "One layer", load: async () => (await import("./layer/layer-room.js")).LayerRoom },
  { id: "training", title: "Training", load: async () => (await import("./training/training-room.js")).TrainingRoom },
];

/** The room with an id, or the first room. */
export function findRoom(id: string): Room {
  return rooms.find((room) => room.id === id) ?? rooms[0];
}
