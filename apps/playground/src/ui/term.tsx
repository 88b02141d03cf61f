import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { glossary, type TermName } from "./glossary.js";
import { usePopup } from "./use-popup.js";

interface TermProps {
  readonly name: TermName;
  /** The word as the sentence needs it; default the title of the entry. */
  readonly children?: ComponentChildren;
}

/**
 * A word of the glossary. Its meaning shows on hover, focus or tap; Esc hides it. Not a `<button>`, because browsers lay that out
 * as a box: it could not wrap, and a full stop after it could stand alone on the next line.
 */
export function Term({ name, children }: TermProps): JSX.Element {
  const { title, meaning, example } = glossary[name];
  const id = useId();
  const word = useRef<HTMLSpanElement>(null);
  const box = useRef<HTMLSpanElement>(null);
  const { isOpen, show, hide, toggle } = usePopup(word, box);
  const press = (event: Event): void => {
    event.preventDefault(); // what is around the word, for example a label, does nothing
    toggle();
  };
  return (
    <span class="term" onPointerEnter={show} onPointerLeave={hide}>
      <span
        ref={word}
        role="button"
        tabIndex={0}
        class="term-word"
        aria-describedby={isOpen ? id : undefined}
        onFocus={show}
        onBlur={hide}
        onClick={press}
        onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && press(event)}
      >
        {children ?? title}
      </span>
      {isOpen && (
        <span ref={box} id={id} class="term-box" role="tooltip" popover="manual">
          <strong>{title}</strong> {meaning}
          {example !== undefined && <code>{example}</code>}
        </span>
      )}
    </span>
  );
}
