import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { TokenIds } from "../pictures/token-ids.js";
import { repeated } from "./starts.js";

export const tokensStep: LessonStep = {
  id: "tokens",
  title: "A text becomes tokens",
  start: repeated,
  Teaches,
  Picture: TokenIds,
  asks: () => ({
    question: "What happens if you type a space into the text, and why?",
    answer: (
      <p>
        The page says that this model has no token for a space: its vocabulary is 64 letters, digits and signs. Larger models cut words into
        pieces, and have a token for every byte, so that nothing is unknown to them.
      </p>
    ),
  }),
  more: [{ room: "models", title: "Open a model of your own" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        In ten steps, this lesson follows one prediction of a language model to the parts that make it: the heads of attention. Each step
        has a picture to touch and a question; answer it before you open its answer.
      </p>
      <p>
        A language model does not read a text. It reads <Term name="token">tokens</Term>: pieces of the text, each with a number from the
        model's <Term name="vocabulary">vocabulary</Term>. The model of this lesson is tiny. Its tokens are single characters.
      </p>
      <p>
        The text is a random string that starts again after twelve characters, at the second “q”. You can change it. The model sees nothing
        of it but the numbers.
      </p>
    </>
  );
}
