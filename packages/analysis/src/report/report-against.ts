import { tensor2d } from "@tensorflow/tfjs-core";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import type { ScoresByMetric } from "../labels/head-scores.js";
import { contentDependence } from "../metrics/content-dependence.js";
import { headMetrics } from "../pictures/report/head-metrics.js";
import type { Report, ReportLayer } from "../pictures/report/report.js";
import { watchAttention } from "../watching/watch-attention.js";
import type { WatchedAttention } from "../watching/watched-attention.js";
import { type PatchingSettings, reportPatching } from "./report-patching.js";
import { type Subject, subjectOf, type TokenizedText } from "./subject.js";
import { scoreByBlocks } from "./score-by-blocks.js";

type Compared = Pick<Report, "layers" | "patching"> & { readonly notes: readonly string[] };

/** What a second text adds to a report: how much attention depends on the content, and which heads make the difference. */
export async function reportAgainst(
  subject: Subject,
  layers: readonly ReportLayer[],
  against: TokenizedText,
  settings: PatchingSettings,
): Promise<Compared> {
  const { model, text } = subject;
  if (model instanceof EncoderDecoder) return { layers, notes: ["A second text is not compared in an encoder-decoder."] };
  const other = subjectOf("analyzeText", model, { text: against });
  try {
    if (against.ids.length !== text.ids.length) {
      const lengths = `${text.ids.length} and ${against.ids.length} tokens`;
      return { layers, notes: [`The two texts have ${lengths}; heads are compared only on texts of the same length.`] };
    }
    const scores = await contentScores(model, text, against);
    const patching = await reportPatching(model, subject, other, settings);
    const compared = layers.map((layer) => ({
      ...layer,
      heads: layer.heads.map((each) => ({ ...each, metrics: [...each.metrics, ...headMetrics(scores.get(layer.name)!, each.head)] })),
    }));
    return { layers: compared, notes: [`Second text: ${against.tokens.join(" ")}`], ...(patching && { patching }) };
  } finally {
    other.dispose();
  }
}

/** The content dependence of every head over the two texts, by the name of its attention. */
async function contentScores(model: LanguageModel, a: TokenizedText, b: TokenizedText): Promise<Map<string, ScoresByMetric>> {
  const ids = tensor2d([...a.ids, ...b.ids], [2, a.ids.length], "int32");
  let watched: WatchedAttention<void> | undefined;
  try {
    watched = watchAttention<LanguageModel, void>(model, (each) => void each.hidden(ids));
    const scores = new Map<string, ScoresByMetric>();
    for (const part of watched.parts) {
      scores.set(part, await scoreByBlocks(watched, part, (maps) => ({ contentDependence: contentDependence(maps) })));
    }
    return scores;
  } finally {
    watched?.dispose();
    ids.dispose();
  }
}
