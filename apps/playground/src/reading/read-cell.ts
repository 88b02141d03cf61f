import { dispose, slice, type Tensor } from "@tensorflow/tfjs-core";
import { attentionsOf } from "@tfblocks/analysis/models";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { headMap } from "@tfblocks/analysis/pictures";
import { scope } from "@tfblocks/tensor-utils";
import { floats } from "../compute/floats.js";
import type { HeadPlace } from "../models/model-info.js";
import { scoresOf } from "./read-scores.js";
import { ReadingError } from "./reading-error.js";
import type { CellReading } from "./readings.js";
import type { Run, RunAttention } from "./run.js";

/** Every number behind one cell of a map. @throws ReadingError when there is no such cell */
export async function readCell(run: Run, place: HeadPlace, query: number, key: number): Promise<CellReading> {
  const attention = run.attentionOf(place);
  checkCell(attention, query, key);
  const { part, watched } = attention;
  const row = await watched.rows(part, query, query + 1);
  const { weights, allowed } = headMap(row, place.head);
  const extra = row.extraKeys.length;
  const vectors = vectorsOf(attention, place.head, query, key);
  return {
    place,
    query,
    key,
    ...vectors,
    ...rowScores(attention, place.head, query),
    weights: Float32Array.from(weights),
    otherWeight: row.extraWeights.subarray(place.head * extra, (place.head + 1) * extra).reduce((sum, weight) => sum + weight, 0),
    scale: attentionAt(run, part).scale ?? 1 / Math.sqrt(vectors.queryVector.length),
    allowed: Uint8Array.from(allowed!),
    reason: watched.explain(part, query, key, place.head).reason,
  };
}

function checkCell({ watched, part }: RunAttention, query: number, key: number): void {
  const { queryLength, keyLength } = watched.sizes(part);
  const isThere = Number.isInteger(query) && query >= 0 && query < queryLength && Number.isInteger(key) && key >= 0 && key < keyLength;
  if (isThere) return;
  throw new ReadingError("head", `There is no cell (${query}, ${key}): the map has ${queryLength} rows and ${keyLength} columns.`);
}

type Vectors = Pick<CellReading, "queryVector" | "keyVector" | "valueVector" | "outputVector">;

function vectorsOf({ watched, part }: RunAttention, head: number, query: number, key: number): Vectors {
  const vectors = watched.vectors(part, head);
  const outputs = watched.outputs(part, query, query + 1); // [1, heads, 1, valueDim]
  try {
    return {
      queryVector: vectorAt(vectors.query, [0, query, 0]),
      keyVector: vectorAt(vectors.key, [0, key, 0]),
      valueVector: vectorAt(vectors.value, [0, key, 0]),
      outputVector: vectorAt(outputs, [0, head, 0, 0]),
    };
  } finally {
    dispose([...Object.values(vectors), outputs]);
  }
}

/** The last axis of a tensor at a place. */
function vectorAt(tensor: Tensor, place: readonly number[]): Float32Array {
  return scope(() => ({ values: floats(slice(tensor, [...place], [...place.slice(1).map(() => 1), -1])) })).values;
}

function rowScores(attention: RunAttention, head: number, query: number): Pick<CellReading, "raw" | "scaled" | "masked"> {
  const [raw, scaled, masked] = scoresOf(attention, head, ["raw", "scaled", "masked"], query, query + 1);
  return { raw: raw!, scaled: scaled!, masked: masked! };
}

function attentionAt({ model }: Run, part: string): MultiHeadAttention {
  return attentionsOf(model).find(({ name }) => name === part)!.attention;
}
