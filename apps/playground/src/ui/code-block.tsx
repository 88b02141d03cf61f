import { useSignal } from "@preact/signals";
import type { JSX } from "preact";

interface CodeBlockProps {
  readonly code: string;
  /** Names it for screen readers; default "Source code". */
  readonly label?: string;
}

/** Source code with a button that copies it. */
export function CodeBlock({ code, label = "Source code" }: CodeBlockProps): JSX.Element {
  return (
    <div class="code">
      <CopyButton text={code} />
      <pre tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const label = useSignal("Copy");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      label.value = "Copied";
    } catch {
      label.value = "Copy failed";
    }
    setTimeout(() => (label.value = "Copy"), 2000);
  };
  return (
    <button type="button" class="plain-button" onClick={() => void copy()}>
      {label}
    </button>
  );
}
