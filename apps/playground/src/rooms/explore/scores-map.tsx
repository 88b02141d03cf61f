import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../color/color-scale.js";
import type { HeadReading } from "../../reading/readings.js";
import type { Cell } from "../../ui/cell.js";
import type { ExportFile } from "../../ui/export-menu.js";
import { Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { headName } from "../../ui/head-name.js";
import { Legend } from "../../ui/legend.js";
import type { HeatMapProps } from "../../ui/map-props.js";
import { isAllowed } from "../../ui/read-map.js";
import { tone } from "../../ui/theme.js";
import { absentWords, type MapStage, mapStages, stageWords } from "./map-stages.js";
import type { ExploreState } from "./state.js";
import type { StateProps } from "./state-props.js";

/** Which stage of the computation the large map shows: those that the head has. */
export function StageChoice({ state, stages }: StateProps & Pick<HeadReading, "stages">): JSX.Element {
  const shown: readonly MapStage[] = mapStages.filter((stage) => stage === "weights" || stages.includes(stage));
  const stage = state.stage.value;
  return (
    <div class="stacked">
      <Segmented
        name="map-stage"
        label="Stage"
        value={stage}
        choices={shown.map((value) => ({ value, label: stageWords[value].choice }))}
        onChange={(next) => state.look({ stage: next })}
      />
      <p class="hint">
        {stageWords[stage].meaning} {absentWords(stages)}
      </p>
    </div>
  );
}

/** The map of the scores at the chosen stage, those of the last one until they are there; undefined when weights are shown. */
export function useScoresMap(state: ExploreState): HeatMapProps | undefined {
  const reading = state.readings.scores.answered.value?.result;
  const scale = useMemo(() => signedScale(reading?.map.values ?? [], tone.value), [reading, tone.value]);
  if (reading === undefined) return undefined;
  const { place, stage, map, rowTokens, columnTokens } = reading;
  return {
    label: `${stageWords[stage].title} of ${headName(place)}`,
    unit: "score",
    data: map,
    scale,
    queryTokens: rowTokens,
    keyTokens: columnTokens,
    more: (cell) => <WeightLine state={state} cell={cell} />,
  };
}

/** The legend of the scores. */
export function ScoresLegend({ state, scale }: StateProps & Pick<HeatMapProps, "scale">): JSX.Element {
  const { stage, map } = state.readings.scores.answered.value!.result;
  return <Legend title={stageWords[stage].title} scale={scale} masked={map.allowed.includes(0) ? "masked: −∞" : undefined} />;
}

/** What the softmax makes of a score. */
function WeightLine({ state, cell }: StateProps & { readonly cell: Cell }): JSX.Element {
  const { map } = state.readings.head.answered.value!.result;
  const weight = map.values[cell.query * map.columns + cell.key] ?? Number.NaN;
  return (
    <p class="tooltip-scores">
      {isAllowed(map, cell) ? `weight ${formatNumber(weight)} after the softmax` : "hidden by the mask: weight 0"}
    </p>
  );
}

/** The scores as a picture and as numbers; undefined when weights are shown. */
export function scoreFiles(state: ExploreState): readonly ExportFile[] | undefined {
  const reading = state.readings.scores.answered.value?.result;
  if (reading === undefined) return undefined;
  const { place, stage, map, rowTokens, columnTokens } = reading;
  const model = state.info.value?.title ?? "";
  return state.exports.ofValues({
    title: `${model}: ${headName(place)}, ${stageWords[stage].title}`,
    unit: "score",
    data: map,
    rowNames: rowTokens,
    columnNames: columnTokens,
    tone: tone.value,
    signed: true,
    details: { model, layer: state.stack.value?.parts[place.layer], head: place.head, stage },
  });
}
