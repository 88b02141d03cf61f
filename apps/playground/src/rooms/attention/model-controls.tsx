import type { JSX } from "preact";
import type { ModelPartName } from "../../models/model-info.js";
import { modelList } from "../../models/model-list.js";
import { Choice, choicesOf, FailureLine, Segmented, TextField } from "../../ui/fields.js";
import type { AttentionState } from "./attention-state.js";

interface Props {
  readonly state: AttentionState;
}

const partNames: Record<ModelPartName, string> = { self: "Self", encoder: "Encoder", decoder: "Decoder", cross: "Cross" };

/** Chooses random weights or a trained model. */
export function ModelChoice({ state }: Props): JSX.Element | null {
  const models = modelList().value;
  const { model } = state.pictureState.settings.value;
  if (models.length === 0 && model === "") return null;
  const isListed = model === "" || models.some(({ name }) => name === model);
  const listed = isListed ? models : [...models, { name: model, title: model }];
  return (
    <div class="group-fields">
      <Choice
        label="Weights"
        value={model}
        choices={[{ value: "", label: "Random" }, ...listed.map(({ name, title }) => ({ value: name, label: `Trained: ${title}` }))]}
        onChange={(name) => void state.chooseModel(name)}
      />
      <FailureLine id="model-failure" sentence={state.pictureState.failureOf("model")} />
    </div>
  );
}

/** The input of a trained model, and which of its attention layers is shown. */
export function ModelControls({ state }: Props): JSX.Element {
  const { pictureState } = state;
  const info = state.model.value;
  const hasAnswer = info !== undefined && info.parts.length > 1;
  const showExample = (): void => {
    if (info?.probe !== undefined) pictureState.change({ text: info.probe.text, keyText: info.probe.answer ?? "" });
  };
  return (
    <section class="control-group group-fields" aria-label="Model">
      {info !== undefined && <p class="hint">{info.teaches}</p>}
      <TextField id="text" label={hasAnswer ? "Input" : "Text"} failure={pictureState.failureOf("text")} {...pictureState.field("text")} />
      {hasAnswer && (
        <TextField id="keyText" label="Output so far" failure={pictureState.failureOf("keyText")} {...pictureState.field("keyText")} />
      )}
      <button type="button" class="plain-button" disabled={info?.probe === undefined} onClick={showExample}>
        Use the example
      </button>
      <PartFields state={state} />
    </section>
  );
}

function PartFields({ state: { pictureState, model } }: Props): JSX.Element | null {
  const { part, layer } = pictureState.settings.value;
  const parts = model.value?.parts ?? [];
  const chosen = parts.find((each) => each.part === part) ?? parts[0];
  if (chosen === undefined) return null;
  const names = parts.map((each) => each.part);
  return (
    <>
      {parts.length > 1 && (
        <Segmented label="Attention" choices={choicesOf(names, partNames)} {...pictureState.field("part")} value={chosen.part} />
      )}
      {chosen.layers > 1 && (
        <Segmented
          label="Layer"
          choices={choicesOf([...Array(chosen.layers).keys()])}
          {...pictureState.field("layer")}
          value={Math.min(layer, chosen.layers - 1)}
        />
      )}
    </>
  );
}
