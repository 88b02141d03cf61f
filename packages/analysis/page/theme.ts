import type { Tone } from "../src/pictures/color/ramps.js";
import type { View } from "./view.js";

/** Follows the reader's setting until the button is used. */
export function followTheme(button: HTMLElement, view: View): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen: Tone | null = null;
  const apply = (): void => {
    const tone = chosen ?? (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = tone;
    button.textContent = tone === "dark" ? "Light colours" : "Dark colours";
    view.change("colors", { tone });
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = view.tone === "dark" ? "light" : "dark";
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
