import type { ComponentChildren, JSX } from "preact";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** One sentence: what this panel teaches. */
  readonly teaches: ComponentChildren;
  /** One question that the reader can answer by trying. */
  readonly question: string;
  readonly children: ComponentChildren;
}

/** A part of a room: what it teaches, the thing itself, a question to try. */
export function Panel({ id, title, teaches, question, children }: PanelProps): JSX.Element {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p class="teaches">{teaches}</p>
      </header>
      {children}
      <p class="question">
        <span class="question-mark">Try</span> {question}
      </p>
    </section>
  );
}
