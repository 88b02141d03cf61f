import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { Predictions } from "../pictures/predictions.js";
import { repeated } from "./starts.js";

export const predictionStep: LessonStep = {
  id: "prediction",
  title: "The model predicts what comes next",
  start: repeated,
  Teaches,
  Picture: Predictions,
  asks: () => ({
    question: "From which token on is the model right? Why could it not be right earlier?",
    answer: (
      <>
        <p>
          From the second “q” on. Before it, each character is random, so no model can do better than to guess; at “w” the best guess is
          right, with 3.6 %. The second “q” is the first token that the model has seen before: it predicts the “X” that followed the first
          “q”, and it keeps copying from there.
        </p>
        <p>Nobody has told the model this string. It reads it for the first time, and continues it after seeing it once.</p>
      </>
    ),
  }),
  more: [{ room: "explore", title: "See the predictions in Explore" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        At each token, the model gives every token of its vocabulary a <Term name="probability">probability</Term> of coming next. The bars
        show the likeliest ones. The token that really follows is marked.
      </p>
      <p>
        The <Term name="loss">loss</Term> says how surprised the model is: 0 if it was certain and right, 4.16 if it gives all 64 tokens the
        same chance.
      </p>
    </>
  );
}
