import type { JSX } from "preact";
import type { LessonStep } from "../lesson-step.js";
import { OwnText } from "../pictures/own-text.js";

export const yoursStep: LessonStep = {
  id: "yours",
  title: "Your own text, your own model",
  start: { model: "grammar", text: "the dogs near the cat", answer: "", edits: [], head: { kind: "self", layer: 2, head: 3 } },
  Teaches,
  Picture: OwnText,
  asks: () => ({
    question: "Change “dogs” into “dog”. What changes in the prediction after “cat”, and where does the map show why?",
    answer: (
      <p>
        The verbs: “likes” instead of “like”, although “cat”, the nearest noun, has not changed. In the last row, L2·H3 looks at the
        subject. The row that looks is the token before the verb, because this is where the verb is predicted.
      </p>
    ),
  }),
  more: [
    { room: "explore", title: "See all heads in Explore" },
    { room: "models", title: "Open a model of your own" },
  ],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        This model has learned a small part of English, with 73 words. Its verbs agree with their subject, whatever stands between. Write a
        beginning of a sentence, and see whether L2·H3, the head below, finds the subject.
      </p>
      <p>
        Then open a model of your own: a folder or a zip with GPT-2, BERT, Llama, T5 and many more. All rooms of this page work with it.
        Nothing is uploaded.
      </p>
    </>
  );
}
