import { type AttentionMaps, attentionMaps, clusterHeads, headDistances, headLayout } from "@tfblocks/analysis";
import type { AttentionStack, HeadPlace } from "../models/model-info.js";
import type { OnProgress } from "./follow.js";
import type { SimilarHeads } from "./readings.js";
import type { Run, RunAttention } from "./run.js";

/** The comparison of all pairs of heads reads so many weights: less than a second. */
const mostWeights = 2e7;

/**
 * How the heads compare, kind by kind: heads of different kinds read other tokens. Of long texts, rows at even distances are compared.
 */
export async function readSimilar(run: Run, onProgress: OnProgress): Promise<SimilarHeads> {
  const { stacks } = run.opened.info;
  const total = stacks.reduce((sum, { parts }) => sum + parts.length, 0);
  let done = 0;
  const groups: SimilarHeads[] = [];
  for (const stack of stacks) groups.push(await similarIn(run, stack, () => onProgress(++done, total)));
  return { places: groups.flatMap(({ places }) => places), layout: groups.flatMap(({ layout }) => layout) };
}

async function similarIn(run: Run, { kind, heads, parts }: AttentionStack, onLayer: () => Promise<void>): Promise<SimilarHeads> {
  const maps: AttentionMaps[] = [];
  for (const layer of parts.keys()) {
    maps.push(await sampledMaps(run.attention(kind, layer), heads * parts.length));
    await onLayer();
  }
  const { distances } = headDistances(maps);
  const { order, excluded } = clusterHeads(distances);
  const { points } = headLayout(distances);
  const placeOf = (index: number): HeadPlace => ({ kind, layer: Math.floor(index / heads), head: index % heads });
  const sorted = [...order, ...excluded];
  const pointOf = (index: number): SimilarHeads["layout"][number] => {
    const [x, y] = points[index] ?? [];
    return x === undefined ? undefined : { x, y: y! };
  };
  return { places: sorted.map(placeOf), layout: sorted.map(pointOf) };
}

/** The maps of some rows at even distances. @param heads of all layers, which are compared with each other */
async function sampledMaps({ watched, part }: RunAttention, heads: number): Promise<AttentionMaps> {
  const { queryLength, keyLength } = watched.sizes(part);
  const most = Math.max(4, Math.floor(mostWeights / (keyLength * (heads ** 2 / 2))));
  if (queryLength <= most) return watched.maps(part);
  const rows = Array.from({ length: most }, (_, index) => Math.floor(((index + 0.5) * queryLength) / most));
  const blocks: AttentionMaps[] = [];
  for (const row of rows) blocks.push(await watched.rows(part, row, row + 1));
  return joinRows(blocks);
}

/** Maps of one row each as maps of all these rows. Keys without a token have no part in it. */
function joinRows(blocks: readonly AttentionMaps[]): AttentionMaps {
  const [{ heads, keyLength, extraKeys }] = blocks as readonly [AttentionMaps];
  const weights = new Float32Array(heads * blocks.length * keyLength);
  const allowed = new Uint8Array(weights.length);
  for (const [row, block] of blocks.entries()) {
    const maskHeads = block.allowed.shape[1];
    for (let head = 0; head < heads; head++) {
      const place = (head * blocks.length + row) * keyLength;
      const [own, mask] = [head * keyLength, (maskHeads === 1 ? 0 : head) * keyLength];
      weights.set((block.weights as Float32Array).subarray(own, own + keyLength), place);
      allowed.set(block.allowed.data.subarray(mask, mask + keyLength), place);
    }
  }
  const shape = [1, heads, blocks.length, keyLength] as const;
  return attentionMaps(weights, shape, { mask: { data: allowed, shape }, sink: extraKeys.length > 0 });
}
