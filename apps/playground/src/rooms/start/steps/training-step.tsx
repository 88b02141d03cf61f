import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { Training } from "../pictures/training.js";
import { repeated } from "./starts.js";

export const trainingStep: LessonStep = {
  id: "training",
  title: "Train it, and watch the head appear",
  start: { ...repeated, model: "untrained-induction" },
  Teaches,
  Picture: Training,
  asks: () => ({
    question: "The loss falls slowly at first, then suddenly much faster. What happens there?",
    answer: (
      <>
        <p>
          At first the model learns which characters a string has, and that they come again: a small gain. To know which of them comes next,
          heads of both layers must work together: layer 0 looks at the previous token, and layer 1 looks for what followed last time. Each
          is of little use without the other. Once both begin, each makes the other better, and the stripe appears in the maps of layer 1.
        </p>
        <p>
          The label “previous token” comes later than “induction”, because the four heads of layer 0 share the work at first. Each of them
          gives the token before about a quarter of its attention, and together this is enough for layer 1. A label needs 0.4 in one head.
          One of the four gets there later, when it takes over the work of the others.
        </p>
      </>
    ),
  }),
  more: [{ room: "train", title: "Train other models in Train" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        Nobody has built these heads. The model starts with random weights. At each <Term name="step">step</Term> it reads 32 random strings
        that repeat, and every weight is changed a little so that the <Term name="loss">loss</Term> falls.
      </p>
      <p>
        Press “Train”. It takes two or three minutes, on your processor, and you can stop it. The first labels appear near step 350, that of
        a previous-token head some 150 steps later; the seed decides which heads get them.
      </p>
    </>
  );
}
