import type { ComponentChildren, JSX } from "preact";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** What the panel teaches, in one or two sentences. */
  readonly teaches: string;
  /** A question that the reader can answer by changing settings. */
  readonly question: string;
  readonly children: ComponentChildren;
}

/** A section of a room: what it teaches, its content, and a question to try. */
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
