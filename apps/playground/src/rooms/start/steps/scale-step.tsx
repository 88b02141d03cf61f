import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { ScaledRow } from "../pictures/scaled-row.js";
import { repeated } from "./starts.js";

export const scaleStep: LessonStep = {
  id: "scale",
  title: "Why divide by √dₖ?",
  start: repeated,
  Teaches,
  Picture: ScaledRow,
  asks: () => ({
    question: "Switch the division off and make the head wider. What happens to the weights, and why is that bad for learning?",
    answer: (
      <>
        <p>
          A score is a sum of d<sub>k</sub> products, some positive and some negative. The more there are, the further their sum strays from
          0: by about √d<sub>k</sub>. So wider heads have larger scores, and the softmax gives nearly everything to one key, chosen by
          chance.
        </p>
        <p>
          When one weight is nearly 1, it hardly moves if the scores change a little. Training asks what a small change would do to the
          loss: the gradient. Here it is nearly 0, so the head does not learn. Divided by √d<sub>k</sub>, the scores have the same size at
          every width.
        </p>
      </>
    ),
  }),
  more: [{ room: "scale", title: "Measure it in Scale" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        d<sub>k</sub> is the number of numbers in a query or a key: the width of the head. The picture shows the scores of one random query
        with sixteen random keys, and what the softmax makes of them.
      </p>
      <p>
        Change the width, and divide by √d<sub>k</sub> or not. Watch what the <Term name="weight">weights</Term> do.
      </p>
    </>
  );
}
