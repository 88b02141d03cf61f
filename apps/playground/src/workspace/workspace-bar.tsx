import type { JSX } from "preact";
import type { LiveResult } from "../compute/live-result.js";
import type { Compute } from "../compute/compute-client.js";
import type { ReadingInput } from "../reading/reading-input.js";
import type { TokensReading } from "../reading/readings.js";
import { FailureLine, TextField } from "../ui/fields.js";
import { ModelPicker } from "../ui/model-picker.js";
import { TaskBar } from "../ui/task-bar.js";
import { Term } from "../ui/term.js";
import { TokenList } from "../ui/token-list.js";
import { AnswerWriter, type WritingCalls } from "./answer-writer.js";
import { ExampleButtons } from "./example-buttons.js";
import { type ChosenModel, chosenModelOf, type ModelCalls } from "./open-chosen-model.js";
import { type TokenCalls, useTokens } from "./use-tokens.js";
import type { Workspace } from "./workspace.js";

interface WorkspaceBarProps {
  readonly compute: Compute<{ readonly models: ModelCalls; readonly reading: TokenCalls & WritingCalls }>;
  readonly workspace: Workspace;
  /** The link of a room with this workspace. */
  readonly linkTo: (room: string) => string;
}

/** The chosen model, the text and what the model makes of it, and the edits that are active: what all rooms share. */
export function WorkspaceBar({ compute, workspace, linkTo }: WorkspaceBarProps): JSX.Element {
  const chosen = chosenModelOf(compute, workspace);
  const tokens = useTokens(compute, workspace);
  const { model } = workspace.state.value;
  return (
    <section class="workspace-bar" aria-label="Model and text">
      <div class="workspace-model">
        <ModelPicker
          choices={chosen.choices.value}
          value={model}
          info={workspace.info.value}
          onChoose={(id) => workspace.chooseModel(id)}
          onOpenOwn={() => (location.href = linkTo("models"))}
        />
        <OpeningLine chosen={chosen} />
        <EditsLine workspace={workspace} linkTo={linkTo} />
      </div>
      <div class="workspace-texts">
        <Texts compute={compute} workspace={workspace} tokens={tokens} />
        <ExampleButtons workspace={workspace} />
        <Tokens tokens={tokens} />
      </div>
    </section>
  );
}

function OpeningLine({ chosen }: { readonly chosen: ChosenModel }): JSX.Element {
  const opening = chosen.opening.value;
  const failure = chosen.failure.value;
  return (
    <>
      {opening !== undefined && <TaskBar what="Opening the model" progress={opening.progress.value} onCancel={() => chosen.cancel()} />}
      <FailureLine id="model-failure" sentence={failure} />
      {failure !== undefined && (
        <button type="button" class="plain-button" onClick={() => chosen.retry()}>
          Try again
        </button>
      )}
    </>
  );
}

/** How many edits are active. They go from room to room with the model. */
function EditsLine({ workspace, linkTo }: Pick<WorkspaceBarProps, "workspace" | "linkTo">): JSX.Element | null {
  const count = workspace.state.value.edits.length;
  if (count === 0) return null;
  return (
    <p class="workspace-edits">
      <span>
        <a href={linkTo("change")}>{count === 1 ? "1 edit" : `${count} edits`}</a> of the model {count === 1 ? "is" : "are"} active.
      </span>
      <button type="button" class="plain-button" onClick={() => workspace.edit([])}>
        Remove
      </button>
    </p>
  );
}

interface TokensProps {
  readonly tokens: LiveResult<ReadingInput, TokensReading>;
}

function Texts({ compute, workspace, tokens }: TokensProps & Pick<WorkspaceBarProps, "compute" | "workspace">): JSX.Element {
  const { text, answer } = workspace.state.value;
  const hasAnswer = workspace.info.value?.shape === "encoder-decoder";
  const failure = tokens.failure.value;
  const failureOf = (field: string): string | undefined => (failure?.field === field ? failure.sentence : undefined);
  return (
    <div class="workspace-fields">
      <TextField
        id="text"
        label={hasAnswer ? "Input" : "Text"}
        value={text}
        failure={failureOf("text")}
        onChange={(typed) => workspace.write(typed)}
      />
      {hasAnswer && (
        <div class="workspace-answer">
          <TextField
            id="answer"
            label="Output so far"
            value={answer}
            failure={failureOf("answer")}
            onChange={(typed) => workspace.writeAnswer(typed)}
          />
          <AnswerWriter compute={compute} workspace={workspace} />
        </div>
      )}
    </div>
  );
}

function Tokens({ tokens }: TokensProps): JSX.Element | null {
  const answered = tokens.answered.value;
  if (answered === undefined) return null;
  const { result } = answered;
  const isStale = tokens.failure.value !== undefined;
  const unknown = [...result.tokens, ...result.answerTokens].filter(({ isUnknown }) => isUnknown).length;
  return (
    <div class="workspace-tokens" data-stale={isStale}>
      {isStale && <p class="stale-note">All pictures still show the last text that could be read:</p>}
      <p class="hint">
        {result.tokens.length} <Term name="token">{result.tokens.length === 1 ? "token" : "tokens"}</Term>
        {result.answerTokens.length > 0 &&
          ` and ${result.answerTokens.length} of the output, which begins with its start token, “${result.answerTokens[0]!.text}”`}
        {unknown > 0 && `; ${unknown} not in the vocabulary, marked`}
        {result.leftOut > 0 && `; the last ${result.leftOut} of the text were left out, because the model takes no more`}
      </p>
      <TokenList label="Tokens of the text" tokens={result.tokens} />
      {result.answerTokens.length > 0 && <TokenList label="Tokens of the output" tokens={result.answerTokens} />}
    </div>
  );
}
