import type { HeadPlace } from "../../models/model-info.js";
import type { RunAbout, StepRecord } from "../../training/run-record.js";
import { headName, sameHead } from "../../ui/head-name.js";
import { metricWords } from "../../ui/metric-words.js";
import type { PlotLine } from "../../ui/plot-line.js";
import type { RunState } from "./run-state.js";
import type { TrainView } from "./train-view.js";

/** Number of heads with a line of their own. */
const mostHeads = 8;
const uniformSeries = 5;
const headSeries = [0, 1, 2, 3, 4, 6, 7, 5];

/** The metrics that were measured on the attention of the chosen head. */
export function metricNames(view: TrainView, run: RunState): string[] {
  const { kind, layer } = view.headOf(run);
  const at = run.run.value.about.attentions.findIndex((each) => each.kind === kind && each.layer === layer);
  return run.records.value[0]?.attentions[at]?.heads[0]?.metrics.map(({ name }) => name) ?? [];
}

/** The metric of the curves: the chosen one if it was measured, otherwise the one that tells most about this attention. */
export function chosenMetric(view: TrainView, run: RunState): string {
  const names = metricNames(view, run);
  const { metric } = view.settings.value;
  return [metric, "prefixMatching", "confidence", ...names].find((name) => names.includes(name)) ?? "";
}

/** The curves of a metric: of the heads of one kind with the largest scores, of the chosen head, and of uniform attention. */
export function headLines(
  { attentions }: Pick<RunAbout, "attentions">,
  records: readonly StepRecord[],
  chosen: HeadPlace,
  metric: string,
): { readonly lines: readonly PlotLine[]; readonly leftOut: number } {
  const places = attentions.flatMap(({ kind, layer, heads }) =>
    kind === chosen.kind ? Array.from({ length: heads }, (_, head): HeadPlace => ({ kind, layer, head })) : [],
  );
  const xs = records.map(({ step }) => step);
  const curves = places.map((place) => ({ place, values: records.map((record) => scoreOf(attentions, record, place, metric).score) }));
  const drawn = largest(curves, chosen);
  const lines = drawn.map(({ place, values }, at): PlotLine => {
    const isChosen = sameHead(place, chosen);
    return { name: headName(place), series: headSeries[at]!, xs, values, strong: isChosen };
  });
  const nulls = records.map((record) => scoreOf(attentions, record, chosen, metric).nullScore);
  const uniform: PlotLine = {
    name: `uniform attention (${metricWords(metric).short})`,
    series: uniformSeries,
    xs,
    values: nulls,
    faint: true,
    dashes: "short",
  };
  return { lines: [...lines, uniform], leftOut: curves.length - drawn.length };
}

interface Curve {
  readonly place: HeadPlace;
  readonly values: readonly number[];
}

/** The curves with the largest values and that of the chosen head, in the order of the heads. */
function largest(curves: readonly Curve[], chosen: HeadPlace): readonly Curve[] {
  const height = ({ place, values }: Curve): number =>
    sameHead(place, chosen) ? Infinity : Math.max(...values.filter(Number.isFinite), -Infinity);
  const kept = new Set(curves.toSorted((a, b) => height(b) - height(a)).slice(0, mostHeads));
  return curves.filter((curve) => kept.has(curve));
}

function scoreOf(
  attentions: RunAbout["attentions"],
  record: StepRecord,
  { kind, layer, head }: HeadPlace,
  metric: string,
): { readonly score: number; readonly nullScore: number } {
  const at = attentions.findIndex((each) => each.kind === kind && each.layer === layer);
  const found = record.attentions[at]?.heads[head]?.metrics.find(({ name }) => name === metric);
  return { score: found?.score ?? Number.NaN, nullScore: found?.nullScore ?? Number.NaN };
}
