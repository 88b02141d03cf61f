import type { Remote } from "comlink";
import type { ComponentType } from "preact";
import type { Compute } from "../compute/compute-client.js";
import type { LinkChange } from "../workspace/link-keeper.js";
import type { Workspace } from "../workspace/workspace.js";
import type { RoomCalls } from "./room-calls.js";

/** The compute worker as rooms use it. */
export type RoomCompute = Compute<Remote<RoomCalls>>;

/** The properties of every room's view. */
export interface RoomProps {
  readonly compute: RoomCompute;
  /** The model, text, edits and head that all rooms share; the link holds them in every room. */
  readonly workspace: Workspace;
  /** The parameters of the link; a new object each time the reader follows a link, also by Back and Forward. */
  readonly parameters: URLSearchParams;
  /** Saves the room's own state in the link, so that the link leads back to it; by default as a refinement. */
  readonly saveLink: (parameters: URLSearchParams, change?: LinkChange) => void;
  /** The link of a room, with the workspace and with what the reader last set in that room. */
  readonly linkTo: (room: string) => string;
}

/** One room of the playground. */
export interface Room {
  /** Its name in links. */
  readonly id: string;
  readonly title: string;
  /** Fetches the view when the reader enters the room for the first time. */
  readonly load: () => Promise<ComponentType<RoomProps>>;
}
