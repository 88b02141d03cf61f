import type { ComponentType } from "preact";
import type { Compute } from "../compute/compute-client.js";

/** What a room is given when the reader enters it. */
export interface RoomProps {
  readonly compute: Compute;
  /** What the link says; another object each time the reader follows one. */
  readonly parameters: URLSearchParams;
  /** Notes in the link what would bring the reader back here. */
  readonly note: (parameters: URLSearchParams) => void;
}

/** One part of the playground: its name in links, its title, its view. */
export interface Room {
  readonly id: string;
  readonly title: string;
  /** Fetches the view, when the reader enters for the first time. */
  readonly load: () => Promise<ComponentType<RoomProps>>;
}
