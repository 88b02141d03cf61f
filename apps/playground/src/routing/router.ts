import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Hash, parseHash } from "./hash.js";

/** Milliseconds between two changes of an entry: Safari throws after 100 of them within ten seconds. */
const pause = 250;

/** The parts of a window that hold its address. */
export type AddressBar = Pick<Window, "location" | "history" | "addEventListener">;

/** The address of the page and the entries of its history, each with a state of the page's own. */
export class Router<State> {
  readonly #window: AddressBar;
  readonly #route: Signal<Hash>;
  #waiting: { readonly hash: string; readonly state: State } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #savedAt = -Infinity;

  constructor(window: AddressBar) {
    this.#window = window;
    this.#route = signal(parseHash(window.location.hash));
    window.addEventListener("popstate", () => this.#cancel()); // what waits belongs to the entry that has been left
    window.addEventListener("hashchange", () => (this.#route.value = parseHash(window.location.hash)));
    for (const event of ["click", "pagehide"]) window.addEventListener(event, () => this.flush(), { capture: true });
  }

  /** The link that the reader followed last, also by Back and Forward; what the page saves does not change it. */
  get route(): ReadonlySignal<Hash> {
    return this.#route;
  }

  /** The state of the present entry; undefined for one that the reader made, for example by following a link. */
  get state(): State | undefined {
    return this.#waiting?.state ?? (this.#window.history.state as State | null) ?? undefined;
  }

  /** Changes the present entry, at once or after a pause. */
  replace(hash: string, state: State): void {
    this.#waiting = { hash, state };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, this.#savedAt + pause - performance.now()));
  }

  /** Adds an entry; Back returns to the one before. */
  push(hash: string, state: State): void {
    this.flush();
    this.#window.history.pushState(state, "", hash);
  }

  /** Adds an entry and goes to it, as if the reader had followed its link. */
  go(hash: string, state: State): void {
    this.push(hash, state);
    this.#route.value = parseHash(hash);
  }

  /** Gives the present entry a state; its link stays. */
  mark(state: State): void {
    this.#window.history.replaceState(state, "", this.#window.location.hash);
  }

  back(): void {
    this.#window.history.back();
  }

  /** Saves a change that waits. */
  flush(): void {
    if (this.#waiting === undefined) return;
    const { hash, state } = this.#waiting;
    this.#cancel();
    this.#savedAt = performance.now();
    this.#window.history.replaceState(state, "", hash);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }
}
