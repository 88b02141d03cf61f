import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { ExampleTexts } from "../../ui/example-texts.js";
import { choicesOf, FailureLine, Group, Segmented, TextField } from "../../ui/fields.js";
import { headCount } from "../../ui/format.js";
import { SeedField } from "../../ui/seed-field.js";
import type { AttentionState } from "./attention-state.js";
import { MaskControls } from "./mask-controls.js";
import { ModelChoice, ModelControls } from "./model-controls.js";
import { headChoices, widthChoices } from "./settings.js";

interface Props {
  readonly state: AttentionState;
}

/** The settings of the room: texts, mask and sizes, or a trained model. */
export function Controls({ state }: Props): JSX.Element {
  return (
    <ControlForm label="Settings">
      <ModelChoice state={state} />
      {state.pictureState.settings.value.model === "" ? (
        <>
          <TextControls state={state} />
          <MaskControls settings={state.pictureState} />
          <SizeControls state={state} />
        </>
      ) : (
        <ModelControls state={state} />
      )}
      <FailureLine id="sizes-failure" sentence={state.pictureState.failureOf("sizes")} />
    </ControlForm>
  );
}

function TextControls({ state: { pictureState } }: Props): JSX.Element {
  const cross = pictureState.settings.value.kind === "cross";
  const text = pictureState.field("text");
  return (
    <section class="control-group group-fields" aria-label="Text">
      <Segmented
        label="Attention"
        choices={choicesOf(["self", "cross"], { self: "Self", cross: "Cross" })}
        {...pictureState.field("kind")}
      />
      <TextField
        id="text"
        label={cross ? "Queries come from" : "Queries, keys and values come from"}
        failure={pictureState.failureOf("text")}
        {...text}
      />
      {cross && (
        <TextField
          id="keyText"
          label="Keys and values come from"
          failure={pictureState.failureOf("keyText")}
          {...pictureState.field("keyText")}
        />
      )}
      <ExampleTexts onChange={text.onChange} />
    </section>
  );
}

function SizeControls({ state: { pictureState } }: Props): JSX.Element {
  const { heads, dModel, seed } = pictureState.settings.value;
  return (
    <Group title="Sizes" summary={`${headCount(heads)}, dModel ${dModel}, seed ${seed}`}>
      <Segmented label="Heads" choices={choicesOf(headChoices)} {...pictureState.field("heads")} />
      <Segmented label="Width dModel" choices={choicesOf(widthChoices)} {...pictureState.field("dModel")} />
      <SeedField {...pictureState.field("seed")} />
      <p class="hint">
        Each head uses {dModel} / {heads} = {formatShare(dModel / heads)} dimensions.
      </p>
    </Group>
  );
}

function formatShare(share: number): string {
  return Number.isInteger(share) ? String(share) : share.toFixed(2);
}
