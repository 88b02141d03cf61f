import type { JSX } from "preact";
import { Question } from "./question.js";

/** A reason in words, and a question that the settings of the room answer. */
export interface Reason {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly question: string;
  readonly answer: string;
}

interface ReasonCardsProps<Card extends Reason> {
  readonly reasons: readonly Card[];
  /** The label of the button that sets what the question is about. */
  readonly action: string;
  readonly onSet: (reason: Card) => void;
}

/** Cards with a reason, a question with its hidden answer, and a button that sets the room for it. */
export function ReasonCards<Card extends Reason>({ reasons, action, onSet }: ReasonCardsProps<Card>): JSX.Element {
  return (
    <div class="reason-cards">
      {reasons.map((reason) => (
        <article key={reason.id} class="reason-card">
          <h3>{reason.title}</h3>
          <p>{reason.text}</p>
          <Question question={reason.question}>
            <p>{reason.answer}</p>
          </Question>
          <button type="button" class="plain-button" onClick={() => onSet(reason)}>
            {action}
          </button>
        </article>
      ))}
    </div>
  );
}
