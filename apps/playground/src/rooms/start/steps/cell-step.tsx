import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { CellNumbers } from "../pictures/cell-numbers.js";
import { repeated } from "./starts.js";

export const cellStep: LessonStep = {
  id: "cell",
  title: "The number behind one cell",
  start: repeated,
  Teaches,
  Picture: CellNumbers,
  asks: () => ({
    question: "The cells above the diagonal are hatched. Why may no token look at later ones?",
    answer: (
      <p>
        The model learns to predict the next token. If a token could look at the next one, the answer would be in plain sight, and the model
        would learn nothing else. Their scores are set to −∞ before the softmax, which makes their weights exactly 0. This is the causal
        mask.
      </p>
    ),
  }),
  more: [{ room: "masks", title: "Compose masks of your own" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        Each token has three vectors in each head. With the <Term name="query">query</Term> it says what it looks for, with the{" "}
        <Term name="key">key</Term> what it offers, with the <Term name="value">value</Term> what it passes on.
      </p>
      <p>
        Behind a cell is the query of its row times the key of its column, number by number, summed up: their{" "}
        <Term name="dotProduct">dot product</Term>. Divided by the root of how many numbers a key has, √d<sub>k</sub>, it is the{" "}
        <Term name="score">score</Term>. Later tokens are <Term name="mask">masked</Term>, and the <Term name="softmax">softmax</Term> makes
        weights of the scores of a row. Choose a cell to see its numbers.
      </p>
    </>
  );
}
