import type { HeadPlace } from "../models/model-info.js";
import type { RunAbout, StepRecord } from "./run-record.js";

/** A head has got a label. */
export interface LabelEvent {
  readonly step: number;
  readonly place: HeadPlace;
  readonly label: string;
  /** The first recorded step after which the head no longer had the label, if it lost it for good. */
  readonly lostAt: number | undefined;
}

/**
 * When heads got their labels, in the order of the steps. A label counts from the first of two records in a row: a score can cross its
 * threshold for a moment. Labels that a head has before the first step are not learned, and left out.
 */
export function labelEvents({ attentions }: Pick<RunAbout, "attentions">, records: readonly StepRecord[]): LabelEvent[] {
  const events = new Map<string, LabelEvent>();
  let last = new Map<string, LabelEvent>();
  for (const record of records) {
    const now = new Map(labelsIn(attentions, record).map((event) => [keyOf(event), event]));
    for (const [key, event] of last) if (now.has(key) && !events.has(key)) events.set(key, event);
    last = now;
  }
  const untrained = new Set(records.slice(0, 1).flatMap((first) => labelsIn(attentions, first).map(keyOf)));
  return [...events]
    .filter(([key]) => !untrained.has(key))
    .map(([, event]) => ({ ...event, lostAt: lossOf(event, attentions, records) }))
    .toSorted((a, b) => a.step - b.step);
}

function keyOf({ place: { kind, layer, head }, label }: Pick<LabelEvent, "place" | "label">): string {
  return `${kind} ${layer} ${head} ${label}`;
}

/** The labels of a record, as if they came with it and stayed. */
function labelsIn(attentions: RunAbout["attentions"], record: StepRecord): LabelEvent[] {
  return attentions.flatMap(({ kind, layer }, at) =>
    (record.attentions[at]?.heads ?? []).flatMap(({ head, labels }) =>
      labels.map(({ label }) => ({ step: record.step, place: { kind, layer, head }, label, lostAt: undefined })),
    ),
  );
}

function lossOf({ place, label }: LabelEvent, attentions: RunAbout["attentions"], records: readonly StepRecord[]): number | undefined {
  const at = attentions.findIndex(({ kind, layer }) => kind === place.kind && layer === place.layer);
  const has = ({ attentions: measured }: StepRecord): boolean =>
    measured[at]?.heads[place.head]?.labels.some((each) => each.label === label) ?? false;
  const lastWith = records.findLastIndex(has);
  return records[lastWith + 1]?.step;
}
