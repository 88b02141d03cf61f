import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type ColorScale, largestMagnitude, weightScale } from "../../color/color-scale.js";
import { figurePictures } from "../../exports/figure-files.js";
import type { HeadReading } from "../../reading/readings.js";
import { type Cell, cellWithin } from "../../ui/cell.js";
import { type ExportFile, ExportMenu } from "../../ui/export-menu.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { headName } from "../../ui/head-name.js";
import { HeatMap } from "../../ui/heat-map.js";
import { LiveLine } from "../../ui/live-line.js";
import { strongestFirst } from "../../ui/metric-words.js";
import { NamedToken } from "../../ui/named-token.js";
import { OnceHint } from "../../ui/once-hint.js";
import { OpenedDetails } from "../../ui/opened-details.js";
import { Panel } from "../../ui/panel.js";
import { readMapCell, strongestQuery, topKeys } from "../../ui/read-map.js";
import { tone } from "../../ui/theme.js";
import { Term } from "../../ui/term.js";
import { mostLinedTokens, TokenLines } from "../../ui/token-lines.js";
import { type StripSide, TokenStrip } from "../../ui/token-strip.js";
import { TopKeysTable } from "../../ui/top-keys-table.js";
import { sharesOfRows } from "../../ui/visible-map.js";
import { WeightLegend } from "../../ui/weight-look.js";
import { scoreFiles, ScoresLegend, StageChoice, useScoresMap } from "./scores-map.js";
import type { ExploreState } from "./state.js";
import type { StateProps } from "./state-props.js";

/** The map of the chosen head, with its tokens, lines and table. */
export function MapPanel({ state }: StateProps): JSX.Element | null {
  const reading = state.readings.head.answered.value?.result;
  if (reading === undefined) return null;
  const { place, labels } = reading;
  return (
    <Panel
      id="head"
      title={`Head ${headName(place)}`}
      teaches={
        <>
          Each row is a <Term name="query">query</Term> and shows where one token looks: its <Term name="weight">weights</Term> sum to 1.
          Hatched cells are <Term name="mask">masked</Term>: the token may not look there.
        </>
      }
      question="Point at a token of the text: where does it look? Change “looks at” to “is looked at by”: who looks at it?"
    >
      <div class="gallery-tools">
        <HeadStepper state={state} />
        <span class="head-labels">
          {strongestFirst(labels).map(({ label }) => (
            <span key={label} class="label-badge">
              {label}
            </span>
          ))}
        </span>
        <ExportMenu what="this map" files={scoreFiles(state) ?? mapFiles(state, reading)} />
      </div>
      <HeadMaps state={state} reading={reading} />
    </Panel>
  );
}

function HeadMaps({ state, reading }: StateProps & { readonly reading: HeadReading }): JSX.Element {
  const { map, stages, rowTokens, columnTokens, place } = reading;
  const { ramp, range } = state.view.value;
  const largest = useMemo(() => (range === "largest" ? largestMagnitude(map.values) : 1), [map, range]);
  const scale = useMemo(() => weightScale(ramp, tone.value, range, largest), [ramp, range, largest, tone.value]);
  const drawn = useMemo(() => (range === "row" ? sharesOfRows(map) : undefined), [map, range]);
  const pinned = state.pinned.value;
  const linked = { data: map, queryTokens: rowTokens, keyTokens: columnTokens, mark: state.mark, pinned };
  const legend = <WeightLegend scale={scale} range={range} isMasked={map.allowed.includes(0)} />;
  const more = (cell: Cell): JSX.Element => <ScoreLine state={state} cell={cell} />;
  const weights = { ...linked, label: `Weights of ${headName(place)}`, scale, drawn, more };
  const scores = useScoresMap(state);
  return (
    <>
      <StageChoice state={state} stages={stages} />
      <LiveLine live={state.readings.scores} what="Computing the scores" />
      {scores === undefined ? legend : <ScoresLegend state={state} scale={scores.scale} />}
      <HeatMap
        {...(scores ?? weights)}
        mark={state.mark}
        pinned={pinned}
        onPin={(cell) => state.pin(cell)}
        onHead={(step) => state.stepHead(step)}
      />
      <PinnedReading state={state} reading={reading} />
      <OnceHint name="map">
        <span class="with-pointer">
          Point at a cell to read it. Click it, or press Enter, to pin it; click again or press Esc to unpin it. Page Up and Page Down
          change the head.
        </span>
        <span class="with-finger">Tap a cell to read and pin it; tap it again to unpin it.</span>
      </OnceHint>
      <LinkedTokens state={state} reading={reading} linked={linked} scale={scale} legend={scores && legend} />
    </>
  );
}

interface LinkedTokensProps extends StateProps {
  readonly reading: HeadReading;
  readonly linked: Parameters<typeof TokenLines>[0];
  readonly scale: ColorScale;
  /** The legend of the weights, if the map above has another one. */
  readonly legend: JSX.Element | undefined;
}

/** The tokens in the colours of their weights; lines and a table of the strongest. */
function LinkedTokens({ state, reading, linked, scale, legend }: LinkedTokensProps): JSX.Element {
  const { map, place } = reading;
  const { side } = state.view.value;
  return (
    <>
      <Segmented
        name="side"
        label="A token of the text"
        value={side}
        choices={choicesOf(["query", "key"], { query: "looks at", key: "is looked at by" })}
        onChange={(next) => state.look({ side: next })}
      />
      {legend}
      <TokenStrip {...linked} scale={scale} side={side} onChoose={(from, position) => pinToken(state, reading, from, position)} />
      {Math.max(map.rows, map.columns) <= mostLinedTokens && (
        <OpenedDetails summary="Lines between tokens">{() => <SavedLines {...linked} />}</OpenedDetails>
      )}
      <OpenedDetails id="top-keys" summary="The strongest keys as a table">
        {() => <TopKeysTable label={`The strongest keys of ${headName(place)}`} {...linked} onPin={(cell) => state.pin(cell)} />}
      </OpenedDetails>
    </>
  );
}

function SavedLines(linked: LinkedTokensProps["linked"]): JSX.Element {
  return (
    <>
      <div class="gallery-tools">
        <ExportMenu what="the lines" files={figurePictures({ name: "lines", figure: "#head .token-lines" })} />
      </div>
      <TokenLines {...linked} />
    </>
  );
}

/** The weight of the pinned cell, which a finger cannot point at. */
function PinnedReading({
  state,
  reading: { map, rowTokens, columnTokens },
}: StateProps & { readonly reading: HeadReading }): JSX.Element | null {
  const cell = cellWithin(state.pinned.value, map);
  if (cell === undefined) return null;
  const { weight, allowed, rank, allowedKeys } = readMapCell(map, cell);
  return (
    <p class="pinned-reading">
      <NamedToken token={rowTokens[cell.query] ?? ""} position={cell.query} /> →{" "}
      <NamedToken token={columnTokens[cell.key] ?? ""} position={cell.key} />:{" "}
      {allowed ? (
        <>
          weight <strong>{formatNumber(weight)}</strong>, rank {rank} of {allowedKeys}
        </>
      ) : (
        "masked"
      )}
    </p>
  );
}

/** The score of a cell before the softmax, once the worker has told it. */
function ScoreLine({ state, cell }: StateProps & { readonly cell: Cell }): JSX.Element {
  const row = state.rowOf(cell);
  useEffect(() => state.readRow(cell), [cell.query, state.readings.head.answered.value]);
  if (row === undefined) return <p class="tooltip-scores">score …</p>;
  const score = row.allowed[cell.key] === 1 ? formatNumber(row.masked[cell.key]!) : "−∞";
  return (
    <p class="tooltip-scores">
      score {score} before the softmax · q · k {formatNumber(row.raw[cell.key]!)}
    </p>
  );
}

function HeadStepper({ state }: StateProps): JSX.Element {
  return (
    <div class="stepper" role="group" aria-label="Head">
      <button type="button" class="plain-button" aria-label="Previous head" onClick={() => state.stepHead(-1)}>
        ‹
      </button>
      <button type="button" class="plain-button" aria-label="Next head" onClick={() => state.stepHead(1)}>
        ›
      </button>
    </div>
  );
}

/** Pins the strongest cell of the row or column of a token. */
function pinToken(state: ExploreState, { map }: HeadReading, side: StripSide, position: number): void {
  const key = side === "query" ? topKeys(map, position, 1)[0]?.key : undefined;
  if (key !== undefined) state.pin({ query: position, key });
  const query = side === "key" ? strongestQuery(map, position) : undefined;
  if (query !== undefined) state.pin({ query, key: position });
}

function mapFiles(state: ExploreState, { place, map, rowTokens, columnTokens, metrics }: HeadReading): readonly ExportFile[] {
  const model = state.info.value?.title ?? "";
  return state.exports.ofMap(`${place.kind}-l${place.layer}-h${place.head}`, {
    title: `${model}: ${headName(place)}`,
    map: { rows: map.rows, columns: map.columns, weights: map.values, allowed: map.allowed },
    rowTokens,
    columnTokens,
    colors: state.view.value.ramp,
    tone: tone.value,
    details: { model, layer: state.stack.value?.parts[place.layer], head: place.head, metrics },
  });
}
