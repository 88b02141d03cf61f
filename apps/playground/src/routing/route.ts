import { type ReadonlySignal, signal } from "@preact/signals";
import { type Hash, hashOf, parseHash } from "./hash.js";

const current = signal<Hash>(parseHash(location.hash));

/** Where the reader went last; what a room notes since does not change it. */
export const route: ReadonlySignal<Hash> = current;

addEventListener("hashchange", () => {
  current.value = parseHash(location.hash);
});

/** Notes the state of a room in the address, so that a copied link restores it; leaves no step in the history. */
export function noteParameters(room: string, parameters: URLSearchParams): void {
  history.replaceState(history.state, "", hashOf(room, parameters));
}
