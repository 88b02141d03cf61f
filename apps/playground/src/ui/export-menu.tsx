import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { copyText } from "./copy-text.js";
import { saveFile } from "./save-file.js";

/** A file that the reader can save. */
export interface ExportFile {
  /** What the button says, for example "PNG". */
  readonly format: string;
  /** For example "l0-h3.png". */
  readonly fileName: string;
  /** Makes the content when the reader asks for it. */
  readonly make: () => Promise<Blob>;
}

interface ExportMenuProps {
  /** What is saved, for screen readers, for example "this map". */
  readonly what: string;
  readonly files: readonly ExportFile[];
  /** A text that can be copied too. */
  readonly text?: string;
}

/** A button that opens the formats in which a picture can be saved, and copies the link of the page. */
export function ExportMenu({ what, files, text }: ExportMenuProps): JSX.Element {
  const said = useSignal("");
  const details = useRef<HTMLDetailsElement>(null);
  const save = async ({ format, fileName, make }: ExportFile): Promise<void> => {
    said.value = `Making the ${format} …`;
    try {
      saveFile(fileName, await make());
      said.value = `Saved ${fileName}.`;
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !details.current?.open) return;
    event.preventDefault();
    details.current.open = false;
    details.current.querySelector("summary")?.focus();
  };
  return (
    <details ref={details} name="export-menu" class="export-menu" onKeyDown={onKeyDown}>
      <summary class="plain-button">
        Save <span class="spoken">{what}</span>
      </summary>
      <div class="export-choices">
        {files.map((file) => (
          <button key={file.format} type="button" class="plain-button" onClick={() => void save(file)}>
            {file.format}
          </button>
        ))}
        {text !== undefined && (
          <button type="button" class="plain-button" onClick={() => void copyText(text, "Text")}>
            Copy text
          </button>
        )}
        <button type="button" class="plain-button" onClick={() => void copyText(location.href, "Link")}>
          Copy link
        </button>
        <p class="hint" role="status">
          {said}
        </p>
      </div>
    </details>
  );
}
