import { type ReadonlySignal, signal } from "@preact/signals";
import { type Hash, hashOf, parseHash } from "./hash.js";

/** Where the reader is. */
export interface Route extends Hash {
  /** Rises when the reader goes somewhere, not when a room notes where it stands. */
  readonly visit: number;
}

const current = signal<Route>({ ...parseHash(location.hash), visit: 0 });

export const route: ReadonlySignal<Route> = current;

addEventListener("hashchange", () => {
  current.value = { ...parseHash(location.hash), visit: current.value.visit + 1 };
});

/** Notes the state of a room in the address, so that a copied link restores it; leaves no step in the history. */
export function noteParameters(room: string, parameters: URLSearchParams): void {
  history.replaceState(history.state, "", hashOf(room, parameters));
}
