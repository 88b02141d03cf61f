import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { Choice, FailureLine, NumberField } from "../../ui/fields.js";
import { maxSteps, type TrainingSettings } from "./settings.js";
import type { TrainingState } from "./training-state.js";

interface TrainingControlsProps {
  readonly state: TrainingState;
  readonly settings: TrainingSettings;
  readonly change: (patch: Partial<TrainingSettings>) => void;
}

/** The settings of the training, and the buttons that start, pause and stop it. */
export function TrainingControls({ state, settings, change }: TrainingControlsProps): JSX.Element {
  const recipes = state.recipes.value;
  const recipe = recipes.find(({ name }) => name === settings.recipe) ?? recipes[0];
  const { value: phase } = state.phase;
  const active = phase === "running" || phase === "paused" || phase === "stopping";
  const steps = settings.steps === 0 ? (recipe?.steps ?? 0) : settings.steps;
  return (
    <ControlForm label="Settings">
      {recipe !== undefined && (
        <>
          <Choice
            label="Recipe"
            value={recipe.name}
            choices={recipes.map(({ name, title }) => ({ value: name, label: title }))}
            onChange={(value) => change({ recipe: value, steps: 0 })}
          />
          <p class="hint">{recipe.teaches}</p>
          <div class="field-row">
            <NumberField label="Steps" value={steps} min={1} max={maxSteps} onChange={(value) => change({ steps: value })} />
            <NumberField label="Seed" value={settings.seed} min={0} max={999_999} onChange={(value) => change({ seed: value })} />
          </div>
          <div class="run-buttons">
            {active ? (
              <RunButtons state={state} />
            ) : (
              <button
                type="button"
                class="plain-button strong"
                onClick={() => void state.start({ recipe: recipe.name, steps, seed: settings.seed })}
              >
                {phase === "idle" ? "Start" : "Restart"}
              </button>
            )}
          </div>
          {phase !== "idle" && <p class="hint">Leaving this room or restarting discards the model. Download it to keep it.</p>}
        </>
      )}
      <FailureLine id="training-failure" sentence={state.failureOf("training")} />
    </ControlForm>
  );
}

function RunButtons({ state }: { readonly state: TrainingState }): JSX.Element {
  const { value: phase } = state.phase;
  return (
    <>
      {phase === "paused" ? (
        <button type="button" class="plain-button" onClick={() => void state.resume()}>
          Resume
        </button>
      ) : (
        <button type="button" class="plain-button" disabled={phase === "stopping"} onClick={() => void state.pause()}>
          Pause
        </button>
      )}
      <button type="button" class="plain-button" disabled={phase === "stopping"} onClick={() => void state.stop()}>
        Stop
      </button>
    </>
  );
}
