import type { JSX } from "preact";
import type { HeadPlace } from "../models/model-info.js";
import type { ReportMetric } from "@tfblocks/analysis/pictures";
import { formatNumber } from "./format.js";
import type { GridHead } from "./head-grid.js";
import { headName } from "./head-name.js";
import { metricWords, shortLabel, strongestFirst } from "./metric-words.js";

interface HeadTileProps {
  readonly head: GridHead;
  readonly isChosen: boolean;
  /** Whether Tab leads to it. */
  readonly isFocusable: boolean;
  readonly onChoose: (place: HeadPlace) => void;
}

/** A head of a grid: the place of its map, which the canvas below draws, its name, its label and its score beside its null. */
export function HeadTile({ head, isChosen, isFocusable, onChoose }: HeadTileProps): JSX.Element {
  const { place, metric, note } = head;
  const labels = strongestFirst(head.labels);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose(place);
  };
  return (
    <div
      role="gridcell"
      class={isChosen ? "head-tile chosen" : "head-tile"}
      tabIndex={isFocusable ? 0 : -1}
      aria-selected={isChosen}
      title={describeHead(head)}
      onClick={() => onChoose(place)}
      onKeyDown={onKeyDown}
    >
      <span class="spoken">{describeHead(head)}</span>
      <span class="head-tile-map" />
      <span class="head-tile-name" aria-hidden="true">
        L{place.layer}·H{place.head}
      </span>
      <span class="head-tile-label" aria-hidden="true">
        <span>{note ?? (labels.length === 0 ? "" : shortLabel(labels[0]!.label))}</span>
        {note === undefined && labels.length > 1 && <span> +{labels.length - 1}</span>}
      </span>
      <span class="head-tile-score" aria-hidden="true">
        {metric && scoreAndNull(metric)}
      </span>
    </div>
  );
}

function scoreAndNull({ score, nullScore }: ReportMetric): JSX.Element {
  return (
    <>
      <strong>{shortNumber(score)}</strong>
      <span>/{shortNumber(nullScore)}</span>
    </>
  );
}

/** A number with two digits after the point, and no zero before it: ".92". */
function shortNumber(value: number | null): string {
  if (value === null) return "–";
  if (value === 0 || value === 1) return String(value);
  return value
    .toFixed(Math.abs(value) < 10 ? 2 : 1)
    .replace(/^(-?)0\./, "$1.")
    .replace("-", "−");
}

/** A head in words: its labels, and its score beside that of uniform attention. */
function describeHead({ place, map, labels, metric, note }: GridHead): string {
  if (map === undefined) return `${headName(place)}: not computed yet`;
  const named = labels.length === 0 ? "no label" : labels.map(({ label }) => label).join(", ");
  return [`${headName(place)}: ${named}`, ...(note === undefined ? [] : [note]), ...(metric ? [describeMetric(metric)] : [])].join("; ");
}

function describeMetric({ name, score, nullScore }: ReportMetric): string {
  const value = score === null ? "not defined" : formatNumber(score);
  return `${metricWords(name).name} ${value}${nullScore === null ? "" : `, uniform attention ${formatNumber(nullScore)}`}`;
}
