import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { LiveResult } from "../../../compute/live-result.js";
import { csvFile, type ExportFiles, jsonFile } from "../../../exports/export-files.js";
import { modelsUrl } from "../../../models/models-url.js";
import type { LayerStages } from "../../../reading/readings.js";
import { type ExportFile, ExportMenu } from "../../../ui/export-menu.js";
import { FailureLine } from "../../../ui/fields.js";
import { callsAbout } from "../../../workspace/calls-about.js";
import { layerName } from "../../../ui/head-name.js";
import { type LayerRequest, useLayerRequest } from "../../../workspace/chosen-layer.js";
import { LayerChoice } from "../../../workspace/layer-choice.js";
import { WorkspaceBar } from "../../../workspace/workspace-bar.js";
import { RoomFrame, Waiting } from "../../room-frame.js";
import type { RoomProps } from "../../room.js";
import { stageWords } from "./stage-words.js";
import { StageList } from "./stage-list.js";
import { StagePanel } from "./stage-panel.js";

interface ModelLayerProps extends Pick<RoomProps, "compute" | "workspace" | "linkTo"> {
  readonly exports: ExportFiles;
}

/** One layer of the chosen model: every tensor between the stream before it and the stream after it. */
export function ModelLayer({ compute, workspace, linkTo, exports }: ModelLayerProps): JSX.Element {
  const stages = useMemo(
    () =>
      new LiveResult<LayerRequest, LayerStages>(async ({ input, place: { kind, layer } }) => {
        const { reading } = await callsAbout(compute, workspace, input);
        return reading.stages(modelsUrl, input, kind, layer);
      }),
    [compute],
  );
  useLayerRequest(workspace, stages);
  const chosen = useSignal(0);
  const shown = stages.answered.value;
  return (
    <RoomFrame busy={stages.busy}>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <LayerChoice workspace={workspace} />
      <FailureLine id="stages-failure" sentence={stages.failure.value?.sentence} />
      {shown === undefined ? (
        <Waiting failed={stages.failure.value !== undefined} />
      ) : (
        <div class="model-layer">
          <div class="stacked">
            <StageList stages={shown.result.stages} chosen={chosen.value} choose={(index) => (chosen.value = index)} />
            <p class="hint">
              A bar reaches from the smallest to the largest number of a step. The mark in it is their mean, the grey line is 0, and all
              bars have one scale.
            </p>
            <ExportMenu what="the ranges of all stages" files={rangeFiles(shown.result)} />
          </div>
          <StagePanel
            stages={shown.result.stages}
            index={Math.min(chosen.value, shown.result.stages.length - 1)}
            saving={{ exports, subject: `${workspace.info.value?.title}, ${layerName(shown.input.place)}` }}
          />
        </div>
      )}
    </RoomFrame>
  );
}

/** The range of the numbers of each stage. */
function rangeFiles({ layer, stages }: LayerStages): ExportFile[] {
  const ranges = stages.map((stage) => {
    const { part, side, min, mean, max } = stage;
    return { stage: stageWords(stage).title, part, side, min, mean, max };
  });
  const columns = ["stage", "part", "side", "min", "mean", "max"];
  return [
    jsonFile("stages", { version: 1, layer, stages: ranges }),
    csvFile("stages", [columns, ...ranges.map((row) => Object.values(row))]),
  ];
}
