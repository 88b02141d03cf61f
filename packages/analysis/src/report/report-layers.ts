import { attentionLabel } from "../models/attention-label.js";
import { isCross } from "../models/attention-places.js";
import { headMap } from "../pictures/head-map.js";
import { MapPacker, wholeMapCells } from "../pictures/report/pack-map.js";
import type { ReportLayer } from "../pictures/report/report.js";
import { runStream } from "../stream/stream-options.js";
import { watchAttention } from "../watching/watch-attention.js";
import type { WatchedAttention } from "../watching/watched-attention.js";
import { type DelimiterTest, measureAttention } from "./measure-attention.js";
import type { Subject } from "./subject.js";

/** What all layers share. */
interface LayerSettings {
  readonly isDelimiter: DelimiterTest;
  /** Of all layers together. */
  readonly numHeads: number;
}

/** The maps, scores and labels of every head. @param onLayer called after each attention */
export async function reportLayers(
  subject: Subject,
  isDelimiter: DelimiterTest,
  onLayer: (done: number, total: number) => void | Promise<void>,
): Promise<ReportLayer[]> {
  const { model, ids, options } = subject;
  const watched = watchAttention<typeof model, void>(model, (each) => void runStream("analyzeText", each, ids, options));
  try {
    const layers: ReportLayer[] = [];
    const numHeads = watched.parts.reduce((sum, name) => sum + watched.sizes(name).heads, 0);
    for (const name of watched.parts) {
      layers.push(await measuredLayer(watched, name, subject, { isDelimiter, numHeads }));
      await onLayer(layers.length, watched.parts.length);
    }
    return layers;
  } finally {
    watched.dispose();
  }
}

async function measuredLayer(
  watched: WatchedAttention<void>,
  name: string,
  { text, source }: Subject,
  { isDelimiter, numHeads }: LayerSettings,
): Promise<ReportLayer> {
  const cross = isCross(name);
  const [rows, columns] = [name.startsWith("encoder.") ? source! : text, cross || name.startsWith("encoder.") ? source! : text];
  const { heads, queryLength, keyLength } = watched.sizes(name);
  const packers = Array.from({ length: heads }, () => new MapPacker(queryLength, keyLength, wholeMapCells(numHeads)));
  const measured = await measureAttention(watched, name, {
    keys: columns,
    isCross: cross,
    isDelimiter,
    onRows: (maps, start) => packers.forEach((packer, head) => packer.add(start, headMap(maps, head))),
  });
  const withMaps = measured.map((head, index) => ({ ...head, map: packers[index]!.packed() }));
  return { name, label: attentionLabel(name), heads: withMaps, rowTokens: rows.tokens, columnTokens: columns.tokens };
}
