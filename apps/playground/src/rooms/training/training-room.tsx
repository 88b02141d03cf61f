import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { AttentionPanel } from "./attention-panel.js";
import { LossPanel } from "./loss-panel.js";
import { MetricsPanel } from "./metrics-panel.js";
import { type TrainingSettings, trainingLink } from "./settings.js";
import { TrainingControls } from "./training-controls.js";
import { TrainingState } from "./training-state.js";
import { GenerationPanel } from "./generation-panel.js";

/** Trains a small model while the reader watches. */
export function TrainingRoom({ compute, parameters, saveLink }: RoomProps): JSX.Element {
  const [state] = useState(() => new TrainingState(compute));
  const settings = useSignal(readSettings(trainingLink, parameters));
  useEffect(() => () => void state.leave().catch(() => undefined), [state]); // a worker that has crashed holds nothing
  useFollowedLink(parameters, () => (settings.value = readSettings(trainingLink, parameters)));
  const change = (patch: Partial<TrainingSettings>): void => {
    settings.value = { ...settings.value, ...patch };
    saveLink(writeSettings(trainingLink, settings.value));
  };
  return (
    <div class="room" aria-busy={state.recipes.value.length === 0 && state.failure.value === undefined}>
      <div class="room-intro">
        <h1>Train a small model</h1>
        <p>
          A model starts with random weights. After each batch of examples, every weight changes slightly so that the <em>loss</em>{" "}
          decreases. These models are small enough to train in this page within minutes.
        </p>
      </div>
      <TrainingControls state={state} settings={settings.value} change={change} />
      <TrainingPanels state={state} />
    </div>
  );
}

function TrainingPanels({ state }: { readonly state: TrainingState }): JSX.Element {
  const order = state.order.value;
  if (order === undefined) return <p class="waiting">Nothing has been trained yet. Choose a recipe and press “Start”.</p>;
  return (
    <div class="room-panels">
      <LossPanel state={state} order={order} />
      <AttentionPanel state={state} />
      <div class="pair">
        <MetricsPanel state={state} />
        <GenerationPanel key={order.recipe} state={state} order={order} />
      </div>
    </div>
  );
}
