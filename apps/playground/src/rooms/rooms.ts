import { attentionRoom } from "./attention/attention-room.js";
import type { Room } from "./room.js";

/** Every room, in the order of the navigation; the first is where a link without a room leads. */
export const rooms: readonly [Room, ...Room[]] = [attentionRoom];

/** The room of that name, or the first. */
export function findRoom(id: string): Room {
  return rooms.find((room) => room.id === id) ?? rooms[0];
}
