import type { Remote } from "comlink";
import type { ComponentType } from "preact";
import type { Compute } from "../compute/compute-client.js";
import type { RoomCalls } from "./room-calls.js";

/** The compute worker as rooms use it. */
export type RoomCompute = Compute<Remote<RoomCalls>>;

/** The properties of every room's view. */
export interface RoomProps {
  readonly compute: RoomCompute;
  /** The parameters of the link; a new object each time the reader follows a link. */
  readonly parameters: URLSearchParams;
  /** Saves the room's state in the link, so that the link leads back to it. */
  readonly saveLink: (parameters: URLSearchParams) => void;
}

/** One room of the playground. */
export interface Room {
  /** Its name in links. */
  readonly id: string;
  readonly title: string;
  /** Fetches the view when the reader enters the room for the first time. */
  readonly load: () => Promise<ComponentType<RoomProps>>;
}
