import type { JSX } from "preact";
import { Term } from "../../../ui/term.js";
import type { LessonStep } from "../lesson-step.js";
import { SwitchedHeads } from "../pictures/switched-heads.js";
import { previousToken } from "./starts.js";

export const ablationStep: LessonStep = {
  id: "ablation",
  title: "Switch it off",
  start: previousToken,
  Teaches,
  Picture: SwitchedHeads,
  asks: () => ({
    question: "Why does the model hardly miss one head of layer 1, but fail without the single head L0·H0?",
    answer: (
      <>
        <p>
          All four heads of layer 1 do the same work. Without one of them, three are left, and the losses of the second half stay small.
          (The mean loss is nearly all due to the random first half, where guesses differ by luck.) A picture of one head could not have
          told you that: a head that looks responsible may not be needed.
        </p>
        <p>
          L0·H0 looks at the previous token. It writes into each token which one stands before it. The heads of layer 1 search for exactly
          this: “who stands after a q?” Without L0·H0 they find nothing.
        </p>
        <p>
          The text of the patch has the same first twelve tokens, and nothing in it repeats. What L0·H0 wrote there about these twelve is
          all that was missing.
        </p>
      </>
    ),
  }),
  more: [{ room: "change", title: "Change more in “Change it”" }],
};

function Teaches(): JSX.Element {
  return (
    <>
      <p>
        A map shows where a head looks, not whether the model needs it. To know that, switch the head off: its output becomes 0. This is
        called <Term name="ablation">ablation</Term>.
      </p>
      <p>Switch off one head of layer 1, then all four. Then only L0·H0. Watch the predictions of the second half.</p>
      <p>
        With L0·H0 off, put in what it writes when the model reads another text: <Term name="patching">patching</Term>. The predictions come
        back, so what they need was in this output.
      </p>
    </>
  );
}
