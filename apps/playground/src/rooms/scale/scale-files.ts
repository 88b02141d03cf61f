import type { Answered } from "../../compute/live-result.js";
import { csvFile, jsonFile } from "../../exports/export-files.js";
import { figureFiles } from "../../exports/figure-files.js";
import type { TwinPoint, TwinSettings } from "../../training/twin-settings.js";
import type { ExportFile } from "../../ui/export-menu.js";
import { headName } from "../../ui/head-name.js";
import type { MeasuredLayer } from "./head-measures.js";
import { measureNames, type ScalingCurves, type ScoreSample } from "./scale-picture.js";
import type { ScaleSettings } from "./settings.js";

/** The files of the sample: the bars and the histogram, and the numbers of the shown query. */
export function sampleFiles({ input, result }: Answered<ScaleSettings, ScoreSample>): ExportFile[] {
  const { scores, weights } = result.row;
  const { histogram, row, ...measures } = result;
  const numbers = { ...row, scores: Array.from(scores), weights: Array.from(weights) };
  const counts = { ...histogram, counts: Array.from(histogram.counts), normal: histogram.normal && Array.from(histogram.normal) };
  return figureFiles({
    name: "scores",
    figure: "#sample .sample-charts",
    titles: "th, td, .map-reading",
    data: { version: 1, settings: input, ...measures, row: numbers, histogram: counts },
    rows: [["key", "score", "weight"], ...Array.from(scores, (score, key) => [key, score, weights[key]!])],
  });
}

/** The files of the curves: the charts, and every measured point beside the theory. */
export function curvesFiles({ input, result }: Answered<ScaleSettings, ScalingCurves>): ExportFile[] {
  const { headDims, curves } = result;
  const rows = curves.flatMap(({ scoring, measured, theory }) =>
    measureNames.flatMap((name) =>
      headDims.map((headDim, at) => {
        const point = measured[name][at];
        return [headDim, scoring, name, point?.mean ?? null, point?.least ?? null, point?.most ?? null, theory[name][at] ?? null];
      }),
    ),
  );
  return figureFiles({
    name: "scale",
    figure: "#curves .measure-charts",
    titles: "figcaption strong",
    data: { version: 1, settings: input, ...result },
    rows: [["headDim", "scores", "measure", "mean", "least", "most", "theory"], ...rows],
  });
}

const measures = ["rowVariance", "spread", "maxWeight", "jacobian", "gradient"] as const;

/** The measures of the heads of a layer. */
export function layerFiles(layer: MeasuredLayer, settings: ScaleSettings): ExportFile[] {
  const rows = layer.heads.flatMap((head) =>
    (["own", "none", "chosen"] as const).map((way) => [headName(head.place), way, ...measures.map((name) => head[way][name])]),
  );
  return [jsonFile("heads-scale", { version: 1, settings, ...layer }), csvFile("heads-scale", [["head", "scores", ...measures], ...rows])];
}

const twinMeasures = ["loss", "spread", "gradient"] as const;

/** The files of the twin trainings. */
export function twinFiles(settings: TwinSettings, points: readonly TwinPoint[]): ExportFile[] {
  const rows = points.flatMap(({ step, scaled, unscaled }) => twinMeasures.map((name) => [step, name, scaled[name], unscaled[name]]));
  return figureFiles({
    name: "twins",
    figure: "#twins .measure-charts",
    titles: ".plot-key",
    data: { version: 1, settings, points },
    rows: [["step", "measure", "with 1/sqrt(d)", "without a scale"], ...rows],
  });
}
