import type { ComponentChildren, JSX } from "preact";
import { Question } from "./question.js";

/** A question, and its answer in sentences. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly answer: string;
}

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** What the panel teaches, in one or two sentences. */
  readonly teaches: ComponentChildren;
  /** A question that the reader can answer by changing settings; with an answer unless it depends on the reader's model or text. */
  readonly question?: string | AnsweredQuestion | undefined;
  readonly children: ComponentChildren;
}

/** A section of a room: what it teaches, its content, and perhaps a question to try. */
export function Panel({ id, title, teaches, question, children }: PanelProps): JSX.Element {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p class="teaches">{teaches}</p>
      </header>
      {children}
      {typeof question === "string" && (
        <p class="question">
          <span class="question-mark">Try</span> {question}
        </p>
      )}
      {typeof question === "object" && (
        <Question key={question.question} question={question.question}>
          <p>{question.answer}</p>
        </Question>
      )}
    </section>
  );
}
