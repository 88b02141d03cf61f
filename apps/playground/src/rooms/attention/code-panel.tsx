import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Panel } from "../../ui/panel.js";
import type { DrawnPicture } from "./room-state.js";
import { sourceCode } from "./source-code.js";

/** The picture as a program. */
export function CodePanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  const code = sourceCode(picture.settings, picture.keyTokens.length);
  return (
    <Panel
      id="code"
      title="The same in your own program"
      teaches="The room calls the published packages and nothing else; this is the call behind the picture."
      question="Add a sliding window to a causal mask. How do two rules become one?"
    >
      <div class="code">
        <CopyButton text={code} />
        <pre tabIndex={0} aria-label="Source code">
          <code>{code}</code>
        </pre>
      </div>
    </Panel>
  );
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const label = useSignal("Copy");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      label.value = "Copied";
    } catch {
      label.value = "Select it instead";
    }
    setTimeout(() => (label.value = "Copy"), 2000);
  };
  return (
    <button type="button" class="plain-button" onClick={() => void copy()}>
      {label}
    </button>
  );
}
