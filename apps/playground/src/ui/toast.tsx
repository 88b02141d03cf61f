import { signal } from "@preact/signals";
import type { JSX } from "preact";

/** Milliseconds that a message stays. */
const duration = 4000;

const message = signal("");
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a short message for some seconds, for example "Link copied". Nothing that the reader must not miss. */
export function showToast(sentence: string): void {
  message.value = sentence;
  clearTimeout(timer);
  timer = setTimeout(() => (message.value = ""), duration);
}

/** Where the messages of `showToast` appear; screen readers announce them. */
export function Toasts(): JSX.Element {
  return (
    <p class="toast" role="status">
      {message}
    </p>
  );
}
