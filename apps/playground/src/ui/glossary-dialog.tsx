import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { glossary } from "./glossary.js";

const sorted = Object.entries(glossary).toSorted(([, one], [, other]) => one.title.localeCompare(other.title, "en"));

/** All words that the page explains, with a field to find one. */
export function GlossaryDialog({ close }: { readonly close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useSignal("");
  useEffect(() => dialog.current?.showModal(), []);
  const wanted = search.value.trim().toLowerCase();
  const found = sorted.filter(([, { title, meaning }]) => `${title} ${meaning}`.toLowerCase().includes(wanted));
  const closeOutside = (event: MouseEvent): void => {
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="glossary" aria-labelledby="glossary-title" onClose={close} onClick={closeOutside}>
      <div class="glossary-head">
        <h2 id="glossary-title">Glossary</h2>
        <button type="button" class="plain-button" onClick={() => dialog.current?.close()}>
          Close
        </button>
        <input
          type="search"
          placeholder="Find a word"
          aria-label="Find a word"
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <dl class="glossary-list" tabIndex={0} aria-label="Words">
        {found.map(([name, { title, meaning, example }]) => (
          <div key={name}>
            <dt>{title}</dt>
            <dd>
              {meaning} {example !== undefined && <code>{example}</code>}
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint" role="status">
        {found.length === 0 ? "No word matches." : ""}
      </p>
    </dialog>
  );
}
