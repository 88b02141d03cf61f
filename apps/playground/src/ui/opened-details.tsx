import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

interface OpenedDetailsProps {
  readonly id?: string;
  readonly summary: string;
  /** Makes the content, which is only there while it is open. */
  readonly children: () => JSX.Element;
}

/** Content that is shown, and computed, when the reader opens it. */
export function OpenedDetails({ id, summary, children }: OpenedDetailsProps): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <details id={id} class="numbers" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen.value && <div class="numbers-content">{children()}</div>}
    </details>
  );
}
