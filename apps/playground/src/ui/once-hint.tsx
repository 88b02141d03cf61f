import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

interface OnceHintProps {
  /** The name under which the browser remembers that the hint was read. */
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A hint that stays away once the reader has closed it. */
export function OnceHint({ name, children }: OnceHintProps): JSX.Element | null {
  const key = `tfblocks-hint-${name}`;
  const isClosed = useSignal(wasClosed(key));
  if (isClosed.value) return null;
  const close = (): void => {
    isClosed.value = true;
    remember(key);
  };
  return (
    <p class="hint once-hint">
      {children}{" "}
      <button type="button" class="row-button" onClick={close}>
        Got it
      </button>
    </p>
  );
}

// Storage throws if the browser forbids it; the hint then comes back with the next visit.
function wasClosed(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(key, "closed");
  } catch {
    return;
  }
}
