import type { AttentionKind, HeadPlace } from "../../models/model-info.js";
import type { HeadFindings } from "../../reading/readings.js";
import type { AttentionRecord, RunAbout, StepRecord, TrackedAttention } from "../../training/run-record.js";
import type { HeatMapData } from "../../ui/draw-heat-map.js";
import type { GridRow } from "../../ui/head-grid.js";

/** The heads of one kind of attention, a row for each layer. */
export function gridRows({ attentions }: Pick<RunAbout, "attentions">, record: StepRecord, kind: AttentionKind, metric: string): GridRow[] {
  return attentions.flatMap((attention, at) => {
    const measured = record.attentions[at];
    if (attention.kind !== kind || measured === undefined) return [];
    const heads = measured.heads.map(({ head, labels, metrics }) => ({
      place: { kind, layer: attention.layer, head },
      map: mapOf(attention, measured, head),
      labels,
      metric: metrics.find(({ name }) => name === metric),
    }));
    return [{ title: `L${attention.layer}`, heads }];
  });
}

/** A head in full. */
export interface ChosenMap {
  readonly map: HeatMapData;
  readonly findings: HeadFindings;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
}

/** One head at a step; undefined if the model does not have it. */
export function headMapOf(
  { attentions }: Pick<RunAbout, "attentions">,
  record: StepRecord,
  { kind, layer, head }: HeadPlace,
): ChosenMap | undefined {
  const at = attentions.findIndex((each) => each.kind === kind && each.layer === layer);
  const [attention, measured] = [attentions[at], record.attentions[at]];
  const findings = measured?.heads[head];
  if (attention === undefined || measured === undefined || findings === undefined) return undefined;
  const { rowTokens, columnTokens } = attention;
  return { map: mapOf(attention, measured, head), findings, rowTokens, columnTokens };
}

function mapOf({ rowTokens, columnTokens, allowed }: TrackedAttention, { weights }: AttentionRecord, head: number): HeatMapData {
  const cells = rowTokens.length * columnTokens.length;
  return { rows: rowTokens.length, columns: columnTokens.length, values: weights.subarray(head * cells, (head + 1) * cells), allowed };
}
