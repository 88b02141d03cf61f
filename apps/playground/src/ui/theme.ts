import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tone } from "@tfblocks/analysis/colors";

/** The theme that the reader chose; "auto" follows the system. */
export type ThemeChoice = "auto" | Tone;

const storageName = "tfblocks-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const systemTone: Signal<Tone> = signal(systemIsDark.matches ? "dark" : "light");
systemIsDark.addEventListener("change", () => (systemTone.value = systemIsDark.matches ? "dark" : "light"));

export const themeChoice: Signal<ThemeChoice> = signal(storedChoice());
export const tone: ReadonlySignal<Tone> = computed(() => (themeChoice.value === "auto" ? systemTone.value : themeChoice.value));

/** Applies the theme to the document and stores the choice. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.tone = tone.value;
  });
  effect(() => store(themeChoice.value));
}

// Storage throws if the browser forbids it; the choice then lasts until the page is closed.
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
