import { checkObject, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../../maps/attention-maps.js";
import { headIndices, type HeadScores } from "../../maps/row-scores.js";
import { headMap } from "../head-map.js";
import { headMetrics } from "./head-metrics.js";
import type { ReportLabel, ReportLayer } from "./report.js";

/** What {@link reportLayer} knows of the heads of a layer. */
export interface LayerFindings {
  /** Scores by the name that the report shows, for example `{ previousTokenMass: previousTokenMass(maps) }`; default none. */
  readonly scores?: Readonly<Record<string, HeadScores>> | undefined;
  /** The labels of each head, in the order of the heads; default none. */
  readonly labels?: readonly (readonly ReportLabel[])[] | undefined;
  /** The sequence of the batch that is shown; default 0. */
  readonly batch?: number | undefined;
}

const findingNames: OptionNames<LayerFindings> = { scores: true, labels: true, batch: true };

/**
 * A layer of a report from attention maps and what was measured on them.
 *
 * @param layer name, label and tokens
 * @returns the layer, with a copy of the maps of one sequence
 * @throws ShapeError when scores or labels are not as many as the heads
 * @throws ValueError when `layer` is not an object, `batch` is not an index of the maps, or a finding is unknown
 */
export function reportLayer(layer: Omit<ReportLayer, "heads">, maps: AttentionMaps, findings: LayerFindings = {}): ReportLayer {
  checkObject("reportLayer", "layer", layer);
  const { scores = {}, labels, batch = 0 } = checkOptions("reportLayer", findings, findingNames, "finding");
  headIndices("reportLayer", maps);
  for (const [name, result] of Object.entries(scores)) checkHeads(`scores.${name}`, result?.perHead, maps.heads);
  if (labels) checkHeads("labels", labels, maps.heads);
  const heads = Array.from({ length: maps.heads }, (_, head) => ({
    head,
    map: headMap(maps, head, batch),
    metrics: headMetrics(scores, head),
    labels: labels?.[head] ?? [],
  }));
  return { ...layer, heads };
}

function checkHeads(argument: string, perHead: unknown, heads: number): void {
  if (!Array.isArray(perHead)) refuse(ValueError, "reportLayer", argument, `a result for each of ${heads} heads`, describeValue(perHead));
  if (perHead.length !== heads) refuse(ShapeError, "reportLayer", argument, `of ${heads} heads`, perHead.length);
}
