import type { JSX } from "preact";
import { themeChoice, tone } from "./theme.js";

/** Switches between the light and the dark theme. Until it is used, the page follows the system. */
export function ThemeToggle(): JSX.Element {
  const other = tone.value === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      class="quiet-button"
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      onClick={() => (themeChoice.value = other)}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </button>
  );
}
