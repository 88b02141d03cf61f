import type { ComponentChildren, JSX } from "preact";

interface QuestionProps {
  readonly question: ComponentChildren;
  /** The answer, hidden until the reader opens it. */
  readonly children: ComponentChildren;
}

/** A question whose answer the reader opens after thinking. */
export function Question({ question, children }: QuestionProps): JSX.Element {
  return (
    <details class="question-box">
      <summary>
        <span class="question-mark">Question</span> <span class="question-text">{question}</span>{" "}
        <span class="question-show" aria-hidden="true" />
      </summary>
      <div class="question-answer">{children}</div>
    </details>
  );
}
