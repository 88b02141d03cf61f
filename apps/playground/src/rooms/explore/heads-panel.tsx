import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type ColorScale, largestMagnitude, weightScale } from "../../color/color-scale.js";
import type { AttentionKind, AttentionStack } from "../../models/model-info.js";
import { Choice, choicesOf, Segmented } from "../../ui/fields.js";
import { type GridRow, HeadGrid } from "../../ui/head-grid.js";
import { kindNames } from "../../ui/head-name.js";
import { HeadScatter } from "../../ui/head-scatter.js";
import { metricWords, shortLabel, strongestFirst } from "../../ui/metric-words.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { sharesOfRows } from "../../ui/visible-map.js";
import { WeightLegend, WeightLookFields } from "../../ui/weight-look.js";
import { HeadsExport } from "./heads-export.js";
import { headsOfStack, metricsOf, sortHeads } from "./head-order.js";
import { LiveLine } from "../../ui/live-line.js";
import type { StateProps } from "./state-props.js";
import { labelScore, type Sort, sorts } from "./view.js";

const sortNames: Record<Sort, string> = { layer: "Layer", metric: "Score", label: "Label", similarity: "Similarity" };

/** All heads of one kind of attention, as a grid or as points. */
export function HeadsPanel({ state }: StateProps): JSX.Element | null {
  const [info, stack] = [state.info.value, state.stack.value];
  if (info === undefined || stack === undefined) return null;
  return (
    <Panel
      id="heads"
      title={`${stack.parts.length === 1 ? "One layer" : `${stack.parts.length} layers`} of ${stack.heads === 1 ? "one head" : `${stack.heads} heads`}`}
      teaches="Each small map is one head: rows are the tokens that look, columns the tokens that are looked at. All share one scale. The number is a score beside that of a head that looks everywhere alike."
      question="Order the heads by similarity: which do the same? If one has a label, is its score far from that of uniform attention?"
    >
      {info.stacks.length > 1 && (
        <Segmented<AttentionKind>
          name="stack"
          label="Attention"
          value={stack.kind}
          choices={choicesOf(
            info.stacks.map(({ kind }) => kind),
            kindNames,
          )}
          onChange={(kind) => state.workspace.lookAt({ kind, layer: 0, head: 0 })}
        />
      )}
      <HeadsTools state={state} />
      <LiveLine live={state.readings.grid} what="Reading the heads" />
      <Heads state={state} stack={stack} />
    </Panel>
  );
}

function HeadsTools({ state }: StateProps): JSX.Element {
  const { sort, metric, shows } = state.view.value;
  const stack = state.stack.value!;
  const names = useMemo(() => metricsOf(stack, state.readings.layers.value), [stack, state.readings.layers.value]);
  return (
    <div class="heads-tools">
      <Segmented
        name="shows"
        label="Show"
        value={shows}
        choices={choicesOf(["grid", "plane"], { grid: "Maps", plane: "Distances" })}
        onChange={(next) => state.look({ shows: next })}
      />
      {shows === "grid" && (
        <>
          <Segmented
            name="sort"
            label="Order"
            value={sort}
            choices={choicesOf(sorts, sortNames)}
            onChange={(next) => state.look({ sort: next })}
          />
          <Choice
            label="Score"
            value={metric}
            choices={[
              { value: labelScore, label: "that of its label" },
              ...names.map((name) => ({ value: name, label: metricWords(name).name })),
            ]}
            onChange={(next) => state.look({ metric: next })}
          />
        </>
      )}
    </div>
  );
}

function Heads({ state, stack }: StateProps & { readonly stack: AttentionStack }): JSX.Element {
  const { sort, metric, shows, ramp, range } = state.view.value;
  const layers = state.readings.layers.value;
  const needsSimilar = shows === "plane" || sort === "similarity";
  const similar = state.readings.similar.answered.value?.result;
  const isRead = state.readings.head.answered.value?.input.input === state.workspace.input.value;
  useEffect(() => {
    if (needsSimilar && isRead) state.readSimilar();
  }, [needsSimilar, isRead, state.workspace.input.value]);
  const heads = useMemo(() => headsOfStack(stack, layers, metric), [stack, layers, metric]);
  const rows = useMemo(() => sortHeads(heads, sort, similar), [heads, sort, similar]);
  const drawn = useMemo(() => (range === "row" ? rows.map(asShares) : rows), [rows, range]);
  const scale = useMemo(() => scaleOf(rows, ramp, range), [range === "largest" ? rows : undefined, ramp, range, tone.value]);
  const isMasked = heads.some(({ map }) => map?.allowed?.includes(0));
  return (
    <>
      {needsSimilar && <LiveLine live={state.readings.similar} what="Comparing the heads" />}
      {shows === "grid" ? (
        <>
          <HeadGrid
            label={`Heads: ${kindNames[stack.kind]}`}
            rows={drawn}
            scale={scale}
            chosen={state.place.value}
            onChoose={(place) => state.chooseHead(place)}
          />
          <div class="gallery-tools">
            <WeightLegend scale={scale} range={range} isMasked={isMasked} />
            <WeightLookFields look={{ ramp, range }} onChange={(look) => state.look(look)} />
            <HeadsExport state={state} rows={rows} />
          </div>
        </>
      ) : (
        <HeadsPlane state={state} stack={stack} />
      )}
    </>
  );
}

/** The heads of the stack as points; near ones attend alike. */
function HeadsPlane({ state, stack }: StateProps & { readonly stack: AttentionStack }): JSX.Element {
  const similar = state.readings.similar.answered.value?.result;
  const points = (similar?.places ?? []).flatMap((place, index) => {
    const at = similar?.layout[index];
    if (at === undefined || place.kind !== stack.kind) return [];
    const label = strongestFirst(state.findingsOf(place)?.labels ?? [])[0]?.label;
    return [{ place, ...at, label: label === undefined ? "" : shortLabel(label) }];
  });
  if (points.length === 0 && similar !== undefined) return <p class="hint">These heads cannot be compared: their maps differ in size.</p>;
  return (
    <>
      <HeadScatter points={points} chosen={state.place.value} onChoose={(place) => state.chooseHead(place)} />
      <p class="hint">
        The closer two heads are, the more alike they attend on this text (Jensen-Shannon distance, drawn in two dimensions).
      </p>
    </>
  );
}

function asShares({ title, heads }: GridRow): GridRow {
  return { title, heads: heads.map((head) => ({ ...head, map: head.map && sharesOfRows(head.map) })) };
}

function scaleOf(rows: readonly GridRow[], ramp: Parameters<typeof weightScale>[0], range: Parameters<typeof weightScale>[2]): ColorScale {
  const maps = rows.flatMap(({ heads }) => heads.flatMap(({ map }) => map ?? []));
  const largest = range === "largest" ? maps.reduce((most, { values }) => Math.max(most, largestMagnitude(values)), 0) : 1;
  return weightScale(ramp, tone.value, range, largest);
}
