import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { Lens } from "../pictures/lens.js";
import { repeated } from "./starts.js";

export const streamStep: LessonStep = {
  id: "stream",
  title: "What a layer adds",
  start: repeated,
  Teaches,
  Picture: Lens,
  asks: () => ({
    question: "Which layer knows the next character? Why is the layer below still needed?",
    answer: (
      <p>
        After the embedding the predictions are guesses, and after layer 0 nearly all still are. Layer 1 knows: its heads find the token to
        copy. But they find it by what layer 0 has written into each token: which token stands before it. The next step shows that.
      </p>
    ),
  }),
  more: [{ room: "layer", title: "Look inside one layer" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        A token enters as its <Term name="embedding">embedding</Term>, a vector that stands for it, plus one that stands for its{" "}
        <Term name="position">position</Term> in the text. A head passes on the <Term name="value">values</Term> of the tokens it looks at,
        each times its weight, and the layer adds their sum to the vector of the token that looks. So each token has a vector that runs
        through all layers, the <Term name="residual">residual stream</Term>, and every layer adds to it.
      </p>
      <p>
        The <Term name="lens">lens</Term> reads that vector after each layer, as if it were the last: what would the model predict there?
      </p>
    </>
  );
}
