import type { JSX } from "preact";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { Continuation } from "../../../reading/readings.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { visibleToken } from "../../../ui/format.js";
import { LiveLine } from "../../../ui/live-line.js";
import { Panel } from "../../../ui/panel.js";
import { formatProbability } from "../../../ui/probability-bars.js";
import type { ChangeState } from "../state.js";
import { writingFiles, writtenText } from "./writing-files.js";
import { firstDifference, type WrittenTexts } from "./written-texts.js";

/** How the model writes on, before and after; nothing for a model that does not write. */
export function WritingPanel({ state }: { readonly state: ChangeState }): JSX.Element | null {
  const { info, effects, writing } = state;
  if (info.value?.predicts !== "the next token") return null;
  const texts = writing.answered.value;
  const isOutdated = texts !== undefined && texts.input !== state.workspace.input.value;
  return (
    <Panel
      id="writing"
      title={info.value.shape === "encoder-decoder" ? "What it answers" : "How it writes on"}
      teaches="The likeliest token each time, which is then read like the text before it. From the first token that differs, the two texts go their own ways."
      question="Turn a head down by degrees: at which strength does the text become another one?"
    >
      {!effects.isAutomatic.value && (
        <button type="button" class="plain-button main-button" onClick={() => state.write()}>
          Let it write
        </button>
      )}
      <LiveLine live={writing} what="Writing" />
      {isOutdated && !effects.isAutomatic.value && <p class="hint">This was written before your last change.</p>}
      {texts !== undefined && <Texts {...texts} isAnswer={info.value.shape === "encoder-decoder"} />}
    </Panel>
  );
}

interface TextsProps {
  readonly input: ReadingInput;
  readonly result: WrittenTexts;
  readonly isAnswer: boolean;
}

function Texts({ input, result: { before, after }, isAnswer }: TextsProps): JSX.Element {
  return (
    <dl class="written-pair">
      <dt>Before</dt>
      <dd>
        <Written continuation={before} from={before.tokens.length} />
        <SaveWritten name="before" input={{ ...input, edits: [] }} continuation={before} isAnswer={isAnswer} />
      </dd>
      <dt>After</dt>
      <dd>
        {after.ok ? (
          <>
            <Written continuation={after.result} from={firstDifference(before, after.result)} />
            <SaveWritten name="after" input={input} continuation={after.result} isAnswer={isAnswer} />
          </>
        ) : (
          <p class="hint">{after.failure.sentence}</p>
        )}
      </dd>
    </dl>
  );
}

interface SaveWrittenProps extends Pick<TextsProps, "input" | "isAnswer"> {
  readonly name: string;
  readonly continuation: Continuation;
}

function SaveWritten({ name, input, continuation, isAnswer }: SaveWrittenProps): JSX.Element {
  const text = writtenText(input, continuation, isAnswer);
  return <ExportMenu what={`the text ${name}`} files={writingFiles(name, input, continuation, text)} text={text} />;
}

interface WrittenProps {
  readonly continuation: Continuation;
  /** The first token that is marked as another one. */
  readonly from: number;
}

function Written({ continuation: { tokens, isEnded, isFull }, from }: WrittenProps): JSX.Element {
  return (
    <p class="written-text">
      {tokens.map(({ text, probability }, index) => (
        <bdi
          key={index}
          class={index < from ? "written-token" : "written-token other"}
          title={`${visibleToken(text)}: ${formatProbability(probability)}`}
        >
          {visibleToken(text)}
        </bdi>
      ))}
      {tokens.length === 0 && <span class="hint">nothing</span>}
      {isEnded && <span class="hint"> · ended by the model</span>}
      {isFull && <span class="hint"> · it takes no more tokens</span>}
    </p>
  );
}
