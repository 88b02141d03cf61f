import { type MeasuredHead, measureAttention } from "@tfblocks/analysis/models";
import { headMap } from "@tfblocks/analysis/pictures";
import type { AttentionKind } from "../models/model-info.js";
import { readRows } from "./map-rows.js";
import { pause } from "./pause.js";
import type { LayerReading } from "./readings.js";
import type { Run, RunAttention } from "./run.js";
import { Thumbnail } from "./thumbnail.js";

/** The heads of a layer. @param isMeasured whether with scores and labels, which take longer than the thumbnails */
export async function readLayer(run: Run, kind: AttentionKind, layer: number, isMeasured: boolean): Promise<LayerReading> {
  const attention = run.attention(kind, layer);
  const thumbnails = await thumbnailsOf(run, attention);
  const findings = isMeasured ? await findingsOf(run, attention) : undefined;
  const heads = thumbnails.map((thumbnail, head) => {
    const { metrics = [], labels = [] } = findings?.[head] ?? {};
    return { head, metrics, labels, thumbnail: thumbnail.picture() };
  });
  return { kind, layer, isMeasured, rowTokens: attention.rows.tokens, columnTokens: attention.keys.tokens, heads };
}

/** The scores and labels of the heads of an attention, measured once. */
export function findingsOf(run: Run, { part, watched, keys, isCross }: RunAttention): Promise<readonly MeasuredHead[]> {
  return run.once(`findings ${part}`, () => measureAttention(watched, part, { keys, isCross, onRows: () => pause(run) }));
}

function thumbnailsOf(run: Run, attention: RunAttention): Promise<readonly Thumbnail[]> {
  return run.once(`thumbnails ${attention.part}`, async () => {
    const { heads, queryLength, keyLength } = attention.watched.sizes(attention.part);
    const thumbnails = Array.from({ length: heads }, () => new Thumbnail(queryLength, keyLength));
    await readRows(attention, async (maps, start) => {
      thumbnails.forEach((thumbnail, head) => thumbnail.add(start, headMap(maps, head)));
      await pause(run);
    });
    return thumbnails;
  });
}
