import { headMap } from "@tfblocks/analysis/pictures";
import type { HeadPlace } from "../models/model-info.js";
import { readRows } from "./map-rows.js";
import { findingsOf } from "./read-layer.js";
import { stagesOf } from "./read-scores.js";
import type { HeadReading, WeightMap } from "./readings.js";
import type { Run, RunAttention } from "./run.js";

/** The whole map of a head, with its scores and labels. @throws ReadingError when there is no such head */
export async function readHead(run: Run, place: HeadPlace): Promise<HeadReading> {
  const attention = run.attentionOf(place);
  const findings = (await findingsOf(run, attention))[place.head]!;
  const map = await mapOf(attention, place.head);
  const stages = stagesOf(attention, place.head, map.allowed.includes(0));
  return { ...findings, place, map, stages, rowTokens: attention.rows.tokens, columnTokens: attention.keys.tokens };
}

async function mapOf(attention: RunAttention, head: number): Promise<WeightMap> {
  const { queryLength: rows, keyLength: columns } = attention.watched.sizes(attention.part);
  const [values, allowed] = [new Float32Array(rows * columns), new Uint8Array(rows * columns)];
  await readRows(attention, (maps, start) => {
    const block = headMap(maps, head);
    values.set(block.weights, start * columns);
    allowed.set(block.allowed!, start * columns);
  });
  return { rows, columns, values, allowed };
}
