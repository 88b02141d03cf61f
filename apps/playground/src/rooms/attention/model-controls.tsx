import type { JSX } from "preact";
import { modelList } from "../../models/model-list.js";
import type { ModelPartName } from "../../models/model-info.js";
import { Choice, choicesOf, FailureLine, Segmented, TextField } from "../../ui/fields.js";
import type { RoomState } from "./room-state.js";

interface Props {
  readonly state: RoomState;
}

const partNames: Record<ModelPartName, string> = { self: "Self", encoder: "Encoder", decoder: "Decoder", cross: "Cross" };

/** Whose weights are shown: freshly drawn ones, or those of a trained model. */
export function ModelChoice({ state }: Props): JSX.Element | null {
  const models = modelList().value;
  const { model } = state.settings.value;
  const failure = state.failure.value;
  if (models.length === 0 && model === "") return null;
  const listed = models.some(({ name }) => name === model) || model === "" ? models : [...models, { name: model, title: model }];
  return (
    <div class="group-fields">
      <Choice
        label="Weights"
        value={model}
        choices={[{ value: "", label: "Freshly drawn" }, ...listed.map(({ name, title }) => ({ value: name, label: `Trained: ${title}` }))]}
        onChange={(name) => void state.chooseModel(name)}
      />
      <FailureLine id="model-failure" sentence={failure?.field === "model" ? failure.sentence : undefined} />
    </div>
  );
}

/** What a trained model reads, and which of its attentions is shown. */
export function ModelControls({ state }: Props): JSX.Element {
  const { text, keyText } = state.settings.value;
  const info = state.model.value;
  const failure = state.failure.value;
  const answers = info !== undefined && info.parts.length > 1;
  return (
    <section class="control-group group-fields" aria-label="Model">
      {info !== undefined && <p class="hint">{info.teaches}</p>}
      <TextField
        id="text"
        label={answers ? "Question" : "Text"}
        value={text}
        failure={failure?.field === "text" ? failure.sentence : undefined}
        onChange={(value) => state.change({ text: value })}
      />
      {answers && (
        <TextField
          id="keyText"
          label="Answer so far"
          value={keyText}
          failure={failure?.field === "keyText" ? failure.sentence : undefined}
          onChange={(value) => state.change({ keyText: value })}
        />
      )}
      <button
        type="button"
        class="plain-button"
        disabled={info?.probe === undefined}
        onClick={() => state.change({ text: info?.probe?.text ?? text, keyText: info?.probe?.answer ?? "" })}
      >
        Use its probe
      </button>
      <PartFields state={state} />
    </section>
  );
}

function PartFields({ state }: Props): JSX.Element | null {
  const { part, layer } = state.settings.value;
  const parts = state.model.value?.parts ?? [];
  const chosen = parts.find((each) => each.part === part) ?? parts[0];
  if (chosen === undefined) return null;
  return (
    <>
      {parts.length > 1 && (
        <Segmented
          name="part"
          label="Attention"
          value={chosen.part}
          choices={choicesOf(
            parts.map((each) => each.part),
            partNames,
          )}
          onChange={(value) => state.change({ part: value })}
        />
      )}
      {chosen.layers > 1 && (
        <Segmented
          name="layer"
          label="Layer"
          value={Math.min(layer, chosen.layers - 1)}
          choices={choicesOf([...Array(chosen.layers).keys()])}
          onChange={(value) => state.change({ layer: value })}
        />
      )}
    </>
  );
}
