import type { JSX } from "preact";
import { Panel } from "../../ui/panel.js";
import { ReasonCards } from "../../ui/reason-cards.js";
import { reveal } from "../../ui/reveal.js";
import { maskLessons } from "./mask-lessons.js";
import type { MasksState } from "./masks-state.js";

/** What each part of a mask is for. */
export function LessonsPanel({ state }: { readonly state: MasksState }): JSX.Element {
  return (
    <Panel id="lessons" title="Five parts, five purposes" teaches="Set the mask, look at the matrix, and then open the answer.">
      <ReasonCards
        reasons={maskLessons}
        action="Set this mask"
        onSet={({ mask }) => {
          state.change(mask(state.length));
          reveal(document.getElementById("matrix"));
        }}
      />
    </Panel>
  );
}
