import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tone } from "../color/ramps.js";

/** What the reader chose: as the system has it, or one of the two. */
export type ThemeChoice = "auto" | Tone;

const storageName = "tfblocks-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const systemTone: Signal<Tone> = signal(systemIsDark.matches ? "dark" : "light");
systemIsDark.addEventListener("change", () => (systemTone.value = systemIsDark.matches ? "dark" : "light"));

export const themeChoice: Signal<ThemeChoice> = signal(storedChoice());
export const tone: ReadonlySignal<Tone> = computed(() => (themeChoice.value === "auto" ? systemTone.value : themeChoice.value));

/** Keeps the document in the chosen tone. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.tone = tone.value;
  });
  effect(() => store(themeChoice.value));
}

// Storage throws where the browser forbids it; the choice then lasts as long as the page.
function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageName);
    return stored === "light" || stored === "dark" ? stored : "auto";
  } catch {
    return "auto";
  }
}

function store(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storageName, choice);
  } catch {
    return;
  }
}
