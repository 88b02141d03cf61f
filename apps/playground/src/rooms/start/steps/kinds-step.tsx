import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import { kindOf, kinds } from "../kinds.js";
import type { LessonStep } from "../lesson-step.js";
import { Kinds } from "../pictures/kinds.js";

export const kindsStep: LessonStep = {
  id: "kinds",
  title: "The same step, in other models",
  start: kinds.causal.start,
  Teaches,
  Picture: Kinds,
  asks: (shown) => {
    const { question, answer } = kinds[kindOf(shown)];
    return { question, answer: <p>{answer}</p> };
  },
  more: [{ room: "masks", title: "See what masks do" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        Query times key, scaled, masked, softmax, times value: every head does this. What differs is who may look at whom. Go through the
        five pictures; each has a question of its own.
      </p>
      <p>
        In <Term name="selfAttention">self-attention</Term>, queries, keys and values come from the same text. In{" "}
        <Term name="crossAttention">cross-attention</Term>, a model writes an answer to a text: the queries come from the answer, the keys
        and values from the text. A <Term name="mask">mask</Term> hides later tokens or <Term name="padding">padding</Term> where no token
        may look at them.
      </p>
    </>
  );
}
