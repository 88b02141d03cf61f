import type { Room } from "./room.js";

/** All rooms in the order of the navigation. The first one is the default. */
export const rooms: readonly [Room, ...Room[]] = [
  { id: "start", title: "Start", load: async () => (await import("./start/start-room.js")).StartRoom },
  { id: "explore", title: "Explore", load: async () => (await import("./explore/explore-room.js")).ExploreRoom },
  { id: "models", title: "Your model", load: async () => (await import("./models/models-room.js")).ModelsRoom },
  { id: "change", title: "Change it", load: async () => (await import("./change/change-room.js")).ChangeRoom },
  { id: "masks", title: "Masks", load: async () => (await import("./masks/masks-room.js")).MasksRoom },
  { id: "scale", title: "Scale", load: async () => (await import("./scale/scale-room.js")).ScaleRoom },
  { id: "blocks", title: "Building blocks", load: async () => (await import("./blocks/blocks-room.js")).BlocksRoom },
  { id: "layer", title: "One layer", load: async () => (await import("./layer/layer-room.js")).LayerRoom },
  { id: "train", title: "Train", load: async () => (await import("./train/train-room.js")).TrainRoom },
  { id: "measure", title: "Measure", load: async () => (await import("./measure/measure-room.js")).MeasureRoom },
];

/** Rooms of old links. */
const replaced: Readonly<Record<string, string>> = { attention: "explore", training: "train" };

/** The room with an id, or the one that replaced it, or the first room. */
export function findRoom(id: string): Room {
  return rooms.find((room) => room.id === id) ?? rooms.find((room) => room.id === replaced[id]) ?? rooms[0];
}
