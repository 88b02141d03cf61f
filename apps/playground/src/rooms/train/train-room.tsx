import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ExportFiles } from "../../exports/export-files.js";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { EvaluationPanel } from "./evaluation-panel.js";
import { HeadsPanel } from "./heads-panel.js";
import { trainLink } from "./link.js";
import { LossPanel } from "./loss-panel.js";
import { MapsPanel } from "./maps-panel.js";
import { RunsPanel } from "./runs-panel.js";
import { theTrainings } from "./the-trainings.js";
import { Timeline } from "./timeline.js";
import { TrainControls } from "./train-controls.js";
import { TrainView } from "./train-view.js";
import { UseModelPanel } from "./use-model-panel.js";

/** Trains small models while the reader watches. The trainings continue in other rooms. */
export function TrainRoom({ compute, parameters, saveLink }: RoomProps): JSX.Element {
  const [view] = useState(
    () =>
      new TrainView(theTrainings(compute), readSettings(trainLink, parameters), (settings, isPlace) =>
        saveLink(writeSettings(trainLink, settings), isPlace ? "place" : "refinement"),
      ),
  );
  const [exports] = useState(() => new ExportFiles(async () => (await compute.calls).exports));
  useFollowedLink(parameters, () => (view.settings.value = readSettings(trainLink, parameters)));
  const { value: shown } = view.shown;
  useEffect(() => {
    for (const run of shown) void view.state.load(run);
  }, [shown, view]);
  return (
    <div class="room" aria-busy={!view.state.isReady.value && view.state.failure.value === undefined}>
      <div class="room-intro">
        <h1>Train a small model</h1>
        <p>
          A model starts with random weights. After each batch of examples every weight moves a little, so that the <em>loss</em> falls.
          Watch its heads find their patterns. These models are small enough to train here in minutes, on any processor.
        </p>
      </div>
      <TrainControls compute={compute} view={view} />
      {shown[0] === undefined ? (
        <p class="waiting">Nothing has been trained yet. “Induction heads” shows a head that appears out of nothing: press “Start”.</p>
      ) : (
        <div class="room-panels train-panels">
          <Timeline view={view} />
          <LossPanel view={view} />
          <RunsPanel view={view} />
          <MapsPanel view={view} exports={exports} />
          <HeadsPanel view={view} />
          <UseModelPanel key={shown[0].key} compute={compute} view={view} run={shown[0]} />
          <EvaluationPanel view={view} run={shown[0]} />
        </div>
      )}
    </div>
  );
}
