import { describe, expect, it } from "vitest";
import { attentionMaps, duplicateTokenMass, entropy, mergeScores } from "../index.js";

const length = 2048;
const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };

/** Rows of uniform causal attention, from one query to another. */
function uniformRows(from: number, to: number): Float32Array {
  const weights = new Float32Array((to - from) * length);
  for (let query = from; query < to; query++) weights.fill(1 / (query + 1), (query - from) * length, (query - from) * length + query + 1);
  return weights;
}

describe("a map of 1 head and 2048 tokens", () => {
  const weights = uniformRows(0, length);

  it("costs a byte for each cell and 13 bytes for each row beside the weights, and one look at each cell of the mask", () => {
    let looks = 0;
    const mask = { at: (batch: number, head: number, query: number, key: number) => ++looks > 0 && causal.at(batch, head, query, key) };
    const maps = attentionMaps(weights, [1, 1, length, length], { mask });
    expect(looks).toBe(length * length);
    expect(maps.weights).toBe(weights);
    const buffers = Object.values(maps).flatMap((value) => (ArrayBuffer.isView(value) && value !== weights ? [value.byteLength] : []));
    const bytes = buffers.reduce((sum, size) => sum + size, maps.allowed.data.byteLength);
    expect(bytes).toBe(length * length + length * (1 + 4 + 8));
  });

  it("is measured within seconds", () => {
    const maps = attentionMaps(weights, [1, 1, length, length], { mask: causal });
    const start = performance.now();
    const { score, nullScore } = entropy(maps).perHead[0]!;
    duplicateTokenMass(maps, { ids: [Int32Array.from({ length }, (_, key) => key % 50)] });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(score).toBeCloseTo(nullScore!, 5);
  });

  it("has the same scores in blocks of 256 rows, of which one exists at a time", () => {
    const blocks = Array.from({ length: 8 }, (_, block) => {
      const [from, to] = [block * 256, (block + 1) * 256];
      return entropy(attentionMaps(uniformRows(from, to), [1, 1, 256, length], { mask: causal, queryOffset: from }));
    });
    expect(mergeScores(blocks)).toEqual(entropy(attentionMaps(weights, [1, 1, length, length], { mask: causal })));
  });
});
