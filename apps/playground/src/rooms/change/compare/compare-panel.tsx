import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Answered } from "../../../compute/live-result.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { visibleToken } from "../../../ui/format.js";
import { LiveLine } from "../../../ui/live-line.js";
import { NoPredictions } from "../../../ui/no-predictions.js";
import { Panel } from "../../../ui/panel.js";
import type { ChangeState } from "../state.js";
import { ablatedSet } from "./ablated-set.js";
import { changeFiles } from "./change-files.js";
import { ChangeTable } from "./change-table.js";
import { type Comparison, predictingTokens } from "./comparison.js";
import { LossLine } from "./loss-line.js";
import { LossStrip } from "./loss-strip.js";
import { PositionDetail } from "./position-detail.js";
import { mostChanged, type PositionChange, positionChanges } from "./position-changes.js";
import { randomHeadsWords } from "./random-heads.js";

/** The predictions before and after, side by side. */
export function ComparePanel({ state }: { readonly state: ChangeState }): JSX.Element {
  const { answered, failure } = state.comparison;
  return (
    <Panel
      id="compare"
      title="Before and after"
      teaches="The same text, read by the model as it is and with your changes. Each token has the colour of the change of its loss: how much more, or less, it surprises the model."
      question={
        state.info.value?.predicts === "nothing"
          ? undefined
          : "Which predictions are lost, and which stay? Those that stay do not need what you changed."
      }
    >
      {failure.value !== undefined && (
        <p class="failure" role="alert" id="reading-failure">
          {failure.value.sentence}
        </p>
      )}
      {answered.value !== undefined && <Compared state={state} answered={answered.value} />}
    </Panel>
  );
}

interface ComparedProps {
  readonly state: ChangeState;
  readonly answered: Answered<ReadingInput, Comparison>;
}

function Compared({ state, answered: { input, result: comparison } }: ComparedProps): JSX.Element | null {
  const { before, after } = comparison;
  const changes = useMemo(() => (after.ok ? positionChanges(before, after.result) : []), [comparison]);
  const tokens = useMemo(() => predictingTokens(comparison), [comparison]);
  const predicts = state.info.value?.predicts;
  if (predicts === undefined) return null;
  if (predicts === "nothing") return <NoPredictions />;
  if (!after.ok) {
    return <p class="hint">One of your changes does not fit this text; “Your changes” says why. There is nothing to compare.</p>;
  }
  const isEdited = state.editor.edits.length > 0;
  const position = state.position.value;
  const select = (next: number): void => void (state.chosenPosition.value = next);
  return (
    <>
      <Summary comparison={comparison} changes={changes} isEdited={isEdited} />
      {before.meanLoss !== null && <RandomHeadsLine state={state} />}
      <LossStrip tokens={tokens} predicts={predicts} changes={changes} selected={position} onSelect={select} />
      <PositionDetail
        token={tokens[position] ?? ""}
        position={position}
        predicts={predicts}
        before={before.positions[position]!}
        after={isEdited ? after.result.positions[position] : undefined}
      />
      {isEdited && (
        <ChangeTable tokens={tokens} changes={changes} selected={position} onSelect={select}>
          <ExportMenu what="the comparison" files={changeFiles(state, input, tokens, changes)} />
        </ChangeTable>
      )}
    </>
  );
}

/** What as many random heads do to the loss: what switching off heads is compared with. */
function RandomHeadsLine({ state }: { readonly state: ChangeState }): JSX.Element | null {
  const { randomHeads, effects, workspace } = state;
  const input = workspace.input.value;
  if (ablatedSet(input.edits) === undefined) return null;
  const { value: answered } = randomHeads.answered;
  const isAsked = effects.isAutomatic.value || randomHeads.busy.value || answered?.input === input;
  return (
    <div class="random-heads">
      {answered?.input === input && (
        <p class="hint" role="status">
          {randomHeadsWords(answered.result)}
        </p>
      )}
      {!isAsked && (
        <button type="button" class="plain-button" onClick={() => state.compareWithRandomHeads()}>
          Compare with random heads
        </button>
      )}
      <LiveLine live={randomHeads} what="Switching off random heads" />
    </div>
  );
}

interface SummaryProps {
  readonly comparison: Comparison;
  readonly changes: readonly PositionChange[];
  readonly isEdited: boolean;
}

/** The mean loss and the likeliest tokens before and after, in one sentence each. */
function Summary({ comparison, changes, isEdited }: SummaryProps): JSX.Element {
  const others = changes.filter(({ isOther }) => isOther).length;
  const most = mostChanged(changes);
  return (
    <div class="change-summary" role="status">
      <LossLine comparison={comparison} isEdited={isEdited} />
      {isEdited ? (
        <p>
          {others === 0
            ? "The likeliest token is the same at every position."
            : `The likeliest token is another at ${others} of ${changes.length} positions`}
          {most !== undefined &&
            `, most of all “${visibleToken(most.after?.text ?? "")}” instead of “${visibleToken(most.before?.text ?? "")}”.`}
        </p>
      ) : (
        <p>Nothing is changed yet, so that both sides are the same.</p>
      )}
    </div>
  );
}
