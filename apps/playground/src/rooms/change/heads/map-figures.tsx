import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, signedScale, weightScale } from "../../../color/color-scale.js";
import type { HeadReading } from "../../../reading/readings.js";
import type { Cell, Mark } from "../../../ui/cell.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { formatNumber } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";
import { headName } from "../../../ui/head-name.js";
import { HeatMap } from "../../../ui/heat-map.js";
import { Legend } from "../../../ui/legend.js";
import type { HeatMapProps } from "../../../ui/map-props.js";
import { tone } from "../../../ui/theme.js";
import { defaultLook, WeightLegend } from "../../../ui/weight-look.js";
import { partOfHead } from "../edits/part-names.js";
import type { ChangeState } from "../state.js";
import { type HeadMaps, largestChange, weightChanges } from "./head-maps.js";

interface MapFiguresProps {
  readonly state: ChangeState;
  readonly maps: HeadMaps;
}

/** The maps of a head before and after, and their difference, linked by the cell that the reader points at. */
export function MapFigures({ state, maps }: MapFiguresProps): JSX.Element {
  const { before, after } = maps;
  const mark = useSignal<Mark | undefined>(undefined);
  const scale = useMemo(() => weightScale(defaultLook.ramp, tone.value), [tone.value]);
  const changes = useMemo(() => weightChanges(maps), [maps]);
  const signed = useMemo(() => signedScale(changes, tone.value), [changes, tone.value]);
  const largest = useMemo(() => largestChange(changes), [changes]);
  const name = headName(before.place);
  const shared = { mark, queryTokens: before.rowTokens, keyTokens: before.columnTokens };
  const more = (cell: Cell): JSX.Element => <CellChange maps={maps} changes={changes} cell={cell} />;
  const figure = { state, reading: after };
  return (
    <div class="head-maps">
      <MapFigure
        {...figure}
        title={`${name} before`}
        isSigned={false}
        map={{ ...shared, label: `Weights of ${name} before`, data: before.map, scale }}
      />
      {before !== after && (
        <MapFigure
          {...figure}
          title={`${name} after`}
          isSigned={false}
          map={{ ...shared, label: `Weights of ${name} after`, data: after.map, scale, more }}
        />
      )}
      {largest > 0 && (
        <MapFigure
          {...figure}
          title={`${name}, after − before`}
          isSigned
          map={{
            ...shared,
            label: `Change of the weights of ${name}`,
            data: after.map,
            drawn: { ...after.map, values: changes },
            scale: signed,
            more,
          }}
        />
      )}
      <MapNotes name={name} scale={scale} signed={signed} largest={largest} isMasked={before.map.allowed.includes(0)} />
    </div>
  );
}

interface MapNotesProps {
  readonly name: string;
  readonly scale: ColorScale;
  readonly signed: ColorScale;
  readonly largest: number;
  readonly isMasked: boolean;
}

/** The legends of the maps, and how much they differ. */
function MapNotes({ name, scale, signed, largest, isMasked }: MapNotesProps): JSX.Element {
  return (
    <div class="head-notes">
      <WeightLegend scale={scale} range="one" isMasked={isMasked} />
      {largest > 0 && <Legend title="change of the weight" scale={signed} masked={undefined} />}
      <p class="hint">
        {largest === 0 ? `${name} looks where it looked before.` : `The largest change of a weight of ${name} is ${formatNumber(largest)}.`}
      </p>
    </div>
  );
}

interface MapFigureProps {
  readonly title: string;
  readonly map: HeatMapProps;
  readonly isSigned: boolean;
  readonly reading: HeadReading;
  readonly state: ChangeState;
}

/** A map with its title and the files in which it can be saved. */
function MapFigure({ title, map, isSigned, reading, state }: MapFigureProps): JSX.Element {
  const { info, editor, exports } = state;
  const files = exports.ofValues({
    title,
    unit: isSigned ? "change of the weight" : "weight",
    data: map.drawn ?? map.data,
    rowNames: reading.rowTokens,
    columnNames: reading.columnTokens,
    tone: tone.value,
    signed: isSigned,
    details: { model: info.value?.title, layer: partOfHead(editor.stacks, reading.place), head: reading.place.head },
  });
  return (
    <figure>
      <figcaption>
        <span>{title}</span> <ExportMenu what={title} files={files} />
      </figcaption>
      <HeatMap {...map} />
    </figure>
  );
}

interface CellChangeProps {
  readonly maps: HeadMaps;
  readonly changes: Float32Array;
  readonly cell: Cell;
}

/** The weight of a cell before, and its change, in a tooltip. */
function CellChange({ maps: { before }, changes, cell: { query, key } }: CellChangeProps): JSX.Element {
  const at = query * before.map.columns + key;
  return (
    <p>
      {formatNumber(before.map.values[at]!)} before, {formatSigned(changes[at]!)}
    </p>
  );
}
