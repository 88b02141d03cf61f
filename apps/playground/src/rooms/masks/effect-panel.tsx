import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { weightScale } from "../../color/color-scale.js";
import type { ModelInfo } from "../../models/model-info.js";
import type { HeadReading } from "../../reading/readings.js";
import type { Mark } from "../../ui/cell.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { FailureLine } from "../../ui/fields.js";
import { headName } from "../../ui/head-name.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Panel } from "../../ui/panel.js";
import { TaskBar } from "../../ui/task-bar.js";
import { tone } from "../../ui/theme.js";
import { WeightLegend } from "../../ui/weight-look.js";
import type { Workspace } from "../../workspace/workspace.js";
import { effectWords } from "./effect-words.js";
import type { MaskEffect } from "./mask-effect.js";
import { effectFiles } from "./mask-files.js";
import type { MasksState } from "./masks-state.js";
import { PredictionTable } from "./prediction-table.js";

interface EffectPanelProps {
  readonly state: MasksState;
  readonly workspace: Workspace;
}

/** The chosen model with its own mask beside the model with the composed one. */
export function EffectPanel({ state, workspace }: EffectPanelProps): JSX.Element {
  const { answered, failure, task } = state.effect;
  const info = workspace.info.value;
  return (
    <Panel
      id="effect"
      title="What the model makes of it"
      teaches="The same model reads the same text twice: with the mask that it was trained with, and with yours. The weights of the chosen head and every prediction are computed anew."
    >
      <FailureLine id="effect-failure" sentence={failure.value?.sentence} />
      {task.value && <TaskBar progress={task.value.progress.value} what="Reading the text with both masks" />}
      {answered.value && info && (
        <>
          <Words words={effectWords(answered.value.result, answered.value.input.mask, info)} />
          <div class="gallery-tools">
            <KeepMask state={state} workspace={workspace} />
            <ExportMenu
              what="both readings"
              files={effectFiles(state.exports, answered.value.result, answered.value.input.mask, info.title)}
            />
          </div>
          <BeforeAfter effect={answered.value.result} info={info} />
        </>
      )}
    </Panel>
  );
}

function Words({ words }: { readonly words: readonly string[] }): JSX.Element {
  return (
    <div class="effect-words" role="status">
      {words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}

function BeforeAfter({ effect: { own, changed }, info }: { readonly effect: MaskEffect; readonly info: ModelInfo }): JSX.Element {
  const mark = useSignal<Mark | undefined>(undefined);
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  const name = headName(own.head.place);
  const isMasked = [own, changed].some(({ head }) => head.map.allowed.includes(0));
  return (
    <>
      <WeightLegend scale={scale} range="one" isMasked={isMasked} />
      <div class="pair">
        <MaskedHead title={`${name} with its own mask`} head={own.head} scale={scale} mark={mark} />
        <MaskedHead title={`${name} with your mask`} head={changed.head} scale={scale} mark={mark} />
      </div>
      {own.predictions && changed.predictions && info.predicts !== "nothing" && (
        <PredictionTable before={own.predictions} after={changed.predictions} tokens={own.head.rowTokens} predicts={info.predicts} />
      )}
    </>
  );
}

interface MaskedHeadProps {
  readonly title: string;
  readonly head: HeadReading;
  readonly scale: ReturnType<typeof weightScale>;
  readonly mark: ReturnType<typeof useSignal<Mark | undefined>>;
}

function MaskedHead({ title, head: { map, rowTokens, columnTokens }, scale, mark }: MaskedHeadProps): JSX.Element {
  return (
    <figure class="masked-head">
      <figcaption>{title}</figcaption>
      <HeatMap label={title} data={map} scale={scale} queryTokens={rowTokens} keyTokens={columnTokens} mark={mark} />
    </figure>
  );
}

/** Keeps the mask as an edit, which the other rooms show and can undo. */
function KeepMask({ state, workspace }: EffectPanelProps): JSX.Element {
  const others = workspace.state.value.edits.filter(({ kind }) => kind !== "mask");
  const kept = workspace.state.value.edits.find((edit) => edit.kind === "mask");
  const keep = (): void => workspace.edit([...others, { kind: "mask", mask: state.mask.value }]);
  return (
    <div class="row-buttons">
      <button type="button" class="plain-button" onClick={keep}>
        Use this mask in all rooms
      </button>
      {kept !== undefined && (
        <button type="button" class="plain-button" onClick={() => workspace.edit(others)}>
          Give the model its own mask back
        </button>
      )}
    </div>
  );
}
