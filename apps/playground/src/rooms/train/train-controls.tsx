import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { RoomCompute } from "../room.js";
import { runLimits } from "../../training/run-settings.js";
import { ControlForm } from "../../ui/control-form.js";
import { DecimalField } from "../../ui/decimal-field.js";
import { Choice, FailureLine, NumberField } from "../../ui/fields.js";
import { Term } from "../../ui/term.js";
import { textRecipe } from "./link.js";
import { ModelSizeFields } from "./model-size-fields.js";
import { defaultsOf, orderOf } from "./order.js";
import { RunButtons } from "./run-buttons.js";
import { TextSource } from "./text-source.js";
import { TimeHint } from "./time-hint.js";
import type { TrainView } from "./train-view.js";

interface TrainControlsProps {
  readonly compute: RoomCompute;
  readonly view: TrainView;
}

/** What is trained and how, and the buttons that start, pause and stop it. */
export function TrainControls({ compute, view }: TrainControlsProps): JSX.Element {
  const { state, settings: signal } = view;
  const { value: settings } = signal;
  const { value: recipes } = state.recipes;
  const isText = settings.recipe === textRecipe;
  const order = useMemo(() => orderOf(settings, recipes, state.text.value), [settings, recipes, state.text.value]);
  return (
    <ControlForm label="Training">
      <Choice
        label="What to train"
        value={settings.recipe}
        choices={[...recipes.map(({ name, title }) => ({ value: name, label: title })), { value: textRecipe, label: "A text of your own" }]}
        onChange={(recipe) => view.change({ recipe, steps: 0, batch: 0, rate: 0 })}
      />
      {isText ? (
        <>
          <TextSource state={state} />
          <ModelSizeFields view={view} />
        </>
      ) : (
        <p class="hint">{recipes.find(({ name }) => name === settings.recipe)?.teaches}</p>
      )}
      <TrainingFields view={view} />
      <TimeHint compute={compute} view={view} order={order} />
      <RunButtons view={view} order={order} />
      <FailureLine id="training-failure" sentence={state.failure.value?.sentence} />
      <FieldsHint view={view} />
      {!state.isLasting.value && (
        <p class="hint">This browser keeps nothing for this page: a reload loses the trainings. Download what you want to keep.</p>
      )}
    </ControlForm>
  );
}

function TrainingFields({ view }: { readonly view: TrainView }): JSX.Element {
  const { value: settings } = view.settings;
  const defaults = defaultsOf(settings, view.state.recipes.value);
  return (
    <>
      <div class="field-row">
        <NumberField
          label="Steps"
          value={settings.steps || defaults.steps}
          {...runLimits.steps}
          onChange={(steps) => view.change({ steps })}
        />
        <NumberField
          label="Examples a step"
          value={settings.batch || defaults.batchSize}
          {...runLimits.batchSize}
          onChange={(batch) => view.change({ batch })}
        />
      </div>
      <div class="field-row">
        <DecimalField
          label="Learning rate"
          value={settings.rate || defaults.learningRate}
          {...runLimits.learningRate}
          onChange={(rate) => view.change({ rate })}
        />
        <NumberField label="Seed" value={settings.seed} {...runLimits.seed} onChange={(seed) => view.change({ seed })} />
      </div>
    </>
  );
}

function FieldsHint({ view }: { readonly view: TrainView }): JSX.Element {
  const { learningRate } = defaultsOf(view.settings.value, view.state.recipes.value);
  return (
    <p class="hint">
      The <Term name="learningRate">learning rate</Term> says how far each <Term name="step">step</Term> moves the weights; the default is{" "}
      {learningRate}. Far more breaks the training, far less makes it slow. The same <Term name="seed">seed</Term> gives the same first
      weights and the same examples.
    </p>
  );
}
