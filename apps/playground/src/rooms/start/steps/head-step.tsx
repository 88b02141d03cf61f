import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { HeadsAndMap } from "../pictures/heads-and-map.js";
import { repeated } from "./starts.js";

export const headStep: LessonStep = {
  id: "head",
  title: "A head is responsible",
  start: repeated,
  Teaches,
  Picture: HeadsAndMap,
  asks: () => ({
    question: "Look at the row of the second “q”. Which token does it look at, and what is that good for?",
    answer: (
      <>
        <p>
          At “X”, the token that came after the first “q”. So the model knows what to write next: it copies what followed last time. Heads
          that do this are called <Term name="induction">induction heads</Term>. Every row after the first twelve does the same, which makes
          a stripe. The stripe is eleven tokens from the diagonal: the length of the string, less one.
        </p>
        <p>
          The first twelve rows have nothing to copy. Their weights must sum to 1 all the same, so they go to the first token. Heads of
          large models do this too.
        </p>
      </>
    ),
  }),
  more: [{ room: "explore", title: "See all heads in Explore" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        Tokens learn of each other only in <Term name="attention">attention</Term>. Each <Term name="layer">layer</Term> has several{" "}
        <Term name="head">heads</Term>, here two layers of four. Both are counted from 0: L1·H3 is head 3 of layer 1.
      </p>
      <p>
        Every small map is one head. A row is a token that looks, its <Term name="query">query</Term>; a column is a token that is looked
        at, its <Term name="key">key</Term>. A strong colour is a large <Term name="weight">weight</Term>. The weights of a row sum to 1.
      </p>
      <p>
        A head gets a <Term name="label">label</Term> when a rule about its map holds. Below the label stands the score that gave it, and
        after that the score of <Term name="null">a head that looks everywhere alike</Term>, “uniform”. Choose a head to see it large, and
        point at a cell to read it.
      </p>
    </>
  );
}
