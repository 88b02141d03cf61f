import { type ReadonlySignal, signal } from "@preact/signals";
import { type Hash, hashOf, parseHash } from "./hash.js";

const current = signal<Hash>(parseHash(location.hash));

/** The last link that the reader followed; `saveParameters` does not change it. */
export const route: ReadonlySignal<Hash> = current;

addEventListener("hashchange", () => {
  current.value = parseHash(location.hash);
});

/** Saves the state of a room in the URL, so that a copied link restores it. Adds no entry to the history. */
export function saveParameters(room: string, parameters: URLSearchParams): void {
  history.replaceState(history.state, "", hashOf(room, parameters));
}
