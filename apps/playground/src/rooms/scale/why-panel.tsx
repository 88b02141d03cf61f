import type { JSX } from "preact";
import { Panel } from "../../ui/panel.js";
import { ReasonCards } from "../../ui/reason-cards.js";
import { reveal } from "../../ui/reveal.js";
import { lessons } from "./lessons.js";
import type { ScaleState } from "./scale-state.js";

/** Why scores are scaled, in words, each with a question that the sliders answer. */
export function WhyPanel({ state }: { readonly state: ScaleState }): JSX.Element {
  return (
    <Panel id="why" title="Why" teaches="Four reasons in words. Each has a question: set the sliders, look, and then open the answer.">
      <ReasonCards
        reasons={lessons}
        action="Set the sliders"
        onSet={({ settings }) => {
          state.change(settings);
          reveal(document.getElementById("sample"));
        }}
      />
    </Panel>
  );
}
