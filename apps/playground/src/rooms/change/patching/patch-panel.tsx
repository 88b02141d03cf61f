import type { JSX } from "preact";
import { choicesOf, Segmented, TextField } from "../../../ui/fields.js";
import { LiveLine } from "../../../ui/live-line.js";
import { Panel } from "../../../ui/panel.js";
import { predictingTokens } from "../compare/comparison.js";
import { PositionChoice } from "../edits/position-range.js";
import type { ChangeState } from "../state.js";
import { PatchGrids } from "./patch-grids.js";

/** What of another text brings its prediction back. */
export function PatchPanel({ state }: { readonly state: ChangeState }): JSX.Element {
  const { answered } = state.patches;
  return (
    <Panel
      id="patching"
      title="What brings it back"
      teaches="Two texts of the same length that lead to different tokens. The values of the other text are put into yours one by one: where the prediction turns, the model keeps the difference."
      question="Where is the difference at first, and through which heads does it reach the last token?"
    >
      <PatchForm state={state} />
      <LiveLine live={state.patches} what="Putting values in" />
      {answered.value !== undefined && <PatchGrids state={state} answered={answered.value} />}
    </Panel>
  );
}

function PatchForm({ state }: { readonly state: ChangeState }): JSX.Element {
  const { other, by, right, wrong } = state.patchSettings.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    state.patches.request({ input: { ...state.workspace.input.value, edits: [] }, settings: state.patchSettings.value });
  };
  return (
    <form class="patch-form" aria-label="Patching" onSubmit={submit}>
      <TextField
        id="patch-other"
        label="The other text"
        value={other}
        failure={undefined}
        onChange={(text) => state.patch({ other: text })}
      />
      <div class="patch-fields">
        <Segmented
          name="patch-by"
          label="Put in"
          value={by}
          choices={choicesOf(["head", "position"], { head: "Each head", position: "The stream at each token" })}
          onChange={(next) => state.patch({ by: next })}
        />
        <WatchedPosition state={state} />
        <TokenField label="It should say" value={right} onChange={(text) => state.patch({ right: text })} />
        <TokenField label="instead of" value={wrong} onChange={(text) => state.patch({ wrong: text })} />
      </div>
      <button type="submit" class="plain-button main-button">
        Put the values in
      </button>
    </form>
  );
}

function WatchedPosition({ state }: { readonly state: ChangeState }): JSX.Element | null {
  const comparison = state.comparison.answered.value?.result;
  if (comparison === undefined) return null;
  const tokens = predictingTokens(comparison);
  const last = tokens.length - 1;
  const { at } = state.patchSettings.value;
  return (
    <PositionChoice
      label={state.info.value?.predicts === "masked tokens" ? "Prediction at" : "Prediction after"}
      tokens={tokens}
      value={at < 0 ? last : Math.min(at, last)}
      onChange={(next) => state.patch({ at: next === last ? -1 : next })}
    />
  );
}

interface TokenFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** The name of a token; without one, the likeliest. */
function TokenField({ label, value, onChange }: TokenFieldProps): JSX.Element {
  return (
    <label class="token-field">
      <span>{label}</span>
      <input
        type="text"
        value={value}
        placeholder="the likeliest"
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
