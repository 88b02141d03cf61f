import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import { FailureLine } from "../../ui/fields.js";
import { TaskBar } from "../../ui/task-bar.js";
import { Term } from "../../ui/term.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import type { RoomProps } from "../room.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import { useFollowedLink } from "../use-followed-link.js";
import { CurvesPanel } from "./curves-panel.js";
import { ModelPanel } from "./model-panel.js";
import { SamplePanel } from "./sample-panel.js";
import { ScaleControls } from "./scale-controls.js";
import { ScaleState } from "./scale-state.js";
import { scaleLink } from "./settings.js";
import { twinRunOf } from "./twin-run.js";
import { TwinsPanel } from "./twins-panel.js";
import { WhyPanel } from "./why-panel.js";

/** Why scores are divided by √d_k: a laboratory with sliders. */
export function ScaleRoom({ compute, workspace, parameters, saveLink, linkTo }: RoomProps): JSX.Element {
  const [state] = useState(() => new ScaleState(readSettings(scaleLink, parameters), compute, workspace));
  useEffect(() => state.settings.subscribe((settings) => saveLink(writeSettings(scaleLink, settings))), [state]);
  useFollowedLink(parameters, () => state.change(readSettings(scaleLink, parameters)));
  return (
    <RoomFrame busy={state.busy}>
      <header class="room-intro">
        <h1>Why √dₖ?</h1>
        <p>
          <Term name="attention">Attention</Term> divides its <Term name="score">scores</Term> by the root of the width of a{" "}
          <Term name="head" />. Leave it out in a wide head, and the <Term name="softmax" /> gives nearly <em>all</em> to one{" "}
          <Term name="key" />: such a row passes hardly any gradient. Here you can turn the scale, and see at which widths it matters.
        </p>
      </header>
      <ScaleControls state={state} />
      <div class="room-panels">
        <SampleArea state={state} />
        <WhyPanel state={state} />
        <CurvesArea state={state} />
        <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
        <ModelPanel state={state} workspace={workspace} />
        <TwinsPanel run={twinRunOf(compute)} />
      </div>
    </RoomFrame>
  );
}

function SampleArea({ state }: { readonly state: ScaleState }): JSX.Element {
  const { sample, failure } = state;
  return (
    <div class="stacked">
      <FailureLine id="scale-failure" sentence={failure.value?.sentence} />
      {sample.value === undefined ? <Waiting failed={failure.value !== undefined} /> : <SamplePanel sampled={sample.value} />}
    </div>
  );
}

function CurvesArea({ state }: { readonly state: ScaleState }): JSX.Element {
  const { answered, task, failure } = state.curves;
  const { headDim } = state.settings.value;
  const panel = useMemo(
    () => answered.value && <CurvesPanel answered={answered.value} headDim={headDim} choose={(next) => state.change({ headDim: next })} />,
    [answered.value, headDim],
  );
  return (
    <div class="stacked">
      <FailureLine id="curves-failure" sentence={failure.value?.sentence} />
      {task.value && <TaskBar progress={task.value.progress.value} what="Measuring every width" onCancel={() => state.curves.cancel()} />}
      {panel}
    </div>
  );
}
