import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import type { HeadPlace } from "../../../models/model-info.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { choicesOf, Segmented } from "../../../ui/fields.js";
import { formatSignedShort } from "../../../ui/format-signed.js";
import { sameHead } from "../../../ui/head-name.js";
import { Legend } from "../../../ui/legend.js";
import { LiveLine } from "../../../ui/live-line.js";
import { Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import { ValueGrid } from "../../../ui/value-grid.js";
import { LossLine } from "../compare/loss-line.js";
import { isOff } from "../edits/edit-list.js";
import { gridOfHeads } from "../edits/grid-of-heads.js";
import { partOfHead } from "../edits/part-names.js";
import type { ChangeState } from "../state.js";
import { EffectReadings } from "./effect-readings.js";
import { effectFiles } from "./effect-files.js";
import { EffectScatter } from "./effect-scatter.js";
import { EffectTable } from "./effect-table.js";
import type { HeadEffect } from "./head-effects.js";

const question = "Find a head that changes little alone. Switch it off, measure again with your changes: which head has taken over?";

/** What every head is worth on this text, measured by switching it off. */
export function EffectsPanel({ state }: { readonly state: ChangeState }): JSX.Element {
  const predicts = state.info.value?.predicts;
  const canMeasure = predicts === "the next token";
  return (
    <Panel
      id="effects"
      title="Every head’s effect"
      teaches="Each head in turn is switched off, and the loss is measured again. Beside it stands what a gradient and the head’s direct contribution say: they are cheaper, and often wrong."
      question={canMeasure ? question : undefined}
    >
      {canMeasure ? (
        <Effects state={state} />
      ) : (
        <p class="hint">
          This needs the loss of the next token, and this model does not predict the next token. Switch heads off under “Your changes” and
          compare the {predicts === "nothing" ? "maps" : "predictions"} instead.
        </p>
      )}
    </Panel>
  );
}

function Effects({ state }: { readonly state: ChangeState }): JSX.Element {
  const { effects } = state;
  const shown = effects.shown.value;
  return (
    <>
      <div class="effect-tools">
        <Segmented
          name="effects-of"
          label="Measured on"
          value={effects.on.value}
          choices={choicesOf(["plain", "edited"], { plain: "The model as it is", edited: "The model with your changes" })}
          onChange={(on) => effects.measureOn(on)}
        />
        {!effects.isAutomatic.value && (
          <button type="button" class="plain-button main-button" onClick={() => effects.measure()}>
            {shown === undefined ? `Measure ${effects.headCount.value} heads` : "Measure again"}
          </button>
        )}
        {shown !== undefined && <ExportMenu what="the effects" files={effectFiles(state, shown)} />}
      </div>
      <LiveLine live={effects.measured} what="Switching off heads" />
      {shown === undefined && !effects.isAutomatic.value && (
        <p class="hint">
          This runs the model once for each head, which takes a while on a large model. You can continue meanwhile, or cancel.
        </p>
      )}
      {shown !== undefined && <ShownEffects state={state} heads={shown.heads} isOutdated={effects.isOutdated.value} />}
    </>
  );
}

interface ShownProps {
  readonly state: ChangeState;
  readonly heads: readonly HeadEffect[];
  readonly isOutdated: boolean;
}

function ShownEffects({ state, heads, isOutdated }: ShownProps): JSX.Element {
  const { editor, effects } = state;
  const isHeadOff = ({ place }: Pick<HeadEffect, "place">): boolean => {
    const part = partOfHead(editor.stacks, place);
    return part !== undefined && isOff(editor.edits, part, place.head);
  };
  const toggle = ({ place }: Pick<HeadEffect, "place">): void => {
    const part = partOfHead(editor.stacks, place);
    if (part !== undefined) editor.toggle(part, place.head);
  };
  return (
    <div class={isOutdated ? "effects outdated" : "effects"}>
      {isOutdated && <p class="hint">This was measured before your last change.</p>}
      <EffectReadings reading={effects.measured.answered.value!.result} heads={heads} />
      <div class="effect-pair">
        <EffectGrid state={state} heads={heads} isHeadOff={isHeadOff} onToggle={toggle} />
        <EffectPlot heads={heads} isHeadOff={isHeadOff} onToggle={toggle} />
      </div>
      <EffectTable effects={heads} isOff={isHeadOff} onToggle={toggle} />
    </div>
  );
}

interface EffectGridProps {
  readonly state: ChangeState;
  readonly heads: readonly HeadEffect[];
  readonly isHeadOff: (effect: Pick<HeadEffect, "place">) => boolean;
  readonly onToggle: (effect: Pick<HeadEffect, "place">) => void;
}

/** The measured changes against what another method says of the heads. */
function EffectPlot({ heads, isHeadOff, onToggle }: Omit<EffectGridProps, "state">): JSX.Element {
  const against = useSignal<"predictedChange" | "attribution">("predictedChange");
  return (
    <div class="effect-plot">
      <Segmented
        name="against"
        label="Measured against"
        value={against.value}
        choices={choicesOf(["predictedChange", "attribution"], { predictedChange: "Gradient", attribution: "Direct contribution" })}
        onChange={(next) => (against.value = next)}
      />
      <EffectScatter effects={heads} against={against.value} isOff={isHeadOff} onToggle={onToggle} />
    </div>
  );
}

/** The change of the loss without each head, on one signed scale; a click switches the head off. */
function EffectGrid({ state, heads, isHeadOff, onToggle }: EffectGridProps): JSX.Element {
  const scale = useMemo(
    () =>
      signedScale(
        heads.map(({ change }) => change ?? 0),
        tone.value,
      ),
    [heads, tone.value],
  );
  const comparison = state.comparison.answered.value?.result;
  const effectOf = (place: HeadPlace): HeadEffect | undefined => heads.find((each) => sameHead(each.place, place));
  const { placeAt, ...grid } = gridOfHeads(state.editor.stacks, (place, name) => {
    const change = effectOf(place)?.change ?? null;
    const isPressed = isHeadOff({ place });
    const said = change === null ? "not measured" : `loss ${formatSignedShort(change)} without it`;
    return {
      label: `${name}: ${said}${isPressed ? "; switched off" : ""}`,
      text: change === null ? "" : formatSignedShort(change),
      value: change,
      isPressed,
    };
  });
  return (
    <div class="effect-grid">
      <ValueGrid
        label="Loss without each head; Enter switches it off"
        {...grid}
        scale={scale}
        onPick={(row, column) => onToggle({ place: placeAt(row, column) })}
      />
      <Legend title="change of the mean loss without the head (nats)" scale={scale} masked={undefined} />
      <p class="hint">Click a head to switch it off, and again to switch it on.</p>
      {comparison !== undefined && state.editor.edits.length > 0 && (
        <div role="status">
          <LossLine comparison={comparison} isEdited />
        </div>
      )}
    </div>
  );
}
