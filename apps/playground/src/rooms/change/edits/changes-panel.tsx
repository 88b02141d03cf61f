import type { JSX } from "preact";
import type { ChangeState } from "../state.js";
import { EditChips } from "./edit-chips.js";
import { EditForm } from "./edit-form.js";

/** The changes, in order, and the form that makes them. */
export function ChangesPanel({ state }: { readonly state: ChangeState }): JSX.Element {
  const { editor } = state;
  const comparison = state.comparison.answered.value?.result;
  const failure = comparison === undefined || comparison.after.ok ? undefined : comparison.after.failure.sentence;
  const tokensOf = (part: string): readonly string[] => {
    if (comparison === undefined) return [];
    const { tokens, answerTokens } = comparison.tokens;
    return (answerTokens.length > 0 && !part.startsWith("encoder.") ? answerTokens : tokens).map(({ text }) => text);
  };
  return (
    <section class="panel" id="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">Your changes</h2>
      <EditChips editor={editor} />
      {failure !== undefined && (
        <p class="failure" role="alert" id="edits-failure">
          {failure}
        </p>
      )}
      {editor.edits.length > 0 && (
        <button type="button" class="plain-button" onClick={() => editor.set([])}>
          Remove all changes
        </button>
      )}
      <EditForm editor={editor} tokensOf={tokensOf} />
    </section>
  );
}
