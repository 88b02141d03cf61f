import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import type { RoomProps } from "../room.js";
import { AttentionPanel } from "./attention-panel.js";
import { LossPanel } from "./loss-panel.js";
import { MetricsPanel } from "./metrics-panel.js";
import { type TrainingSettings, trainingLink } from "./settings.js";
import { TrainingControls } from "./training-controls.js";
import { TrainingState } from "./training-state.js";
import { UsePanel } from "./use-panel.js";

/** A small model that learns while the reader watches. */
export function TrainingRoom({ compute, parameters, note }: RoomProps): JSX.Element {
  const [state] = useState(() => new TrainingState(compute));
  const settings = useSignal(readSettings(trainingLink, parameters));
  const arrived = useRef(parameters);
  useEffect(() => () => void state.leave().catch(() => undefined), [state]); // a worker that died keeps nothing
  useEffect(() => {
    if (arrived.current !== parameters) settings.value = readSettings(trainingLink, parameters);
    arrived.current = parameters;
  }, [parameters]);
  const change = (patch: Partial<TrainingSettings>): void => {
    settings.value = { ...settings.value, ...patch };
    note(writeSettings(trainingLink, settings.value));
  };
  return (
    <div class="room" aria-busy={state.recipes.value.length === 0 && state.failure.value === undefined}>
      <div class="room-intro">
        <h1>Learning, watched</h1>
        <p>
          A model starts with random numbers and is shown examples; after each batch every number moves a little to where the <em>loss</em>{" "}
          is smaller. These models are small enough to learn in this page, within minutes, what their heads are for.
        </p>
      </div>
      <TrainingControls state={state} settings={settings.value} change={change} />
      <TrainingPanels state={state} />
    </div>
  );
}

function TrainingPanels({ state }: { readonly state: TrainingState }): JSX.Element {
  const order = state.order.value;
  if (order === undefined) return <p class="waiting">Choose what to learn and press “Start”: nothing has been trained yet.</p>;
  return (
    <div class="room-panels">
      <LossPanel state={state} order={order} />
      <AttentionPanel state={state} />
      <div class="pair">
        <MetricsPanel state={state} />
        <UsePanel key={order.recipe} state={state} order={order} />
      </div>
    </div>
  );
}
