import { blockStates, type Mask } from "@tfblocks/masks";
import type { TaskPort } from "../../compute/task.js";
import { maskOf } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { growSpec } from "./grow-spec.js";
import type { CostRow, MaskCost } from "./mask-picture.js";

/** The edge of the blocks of the attention kernels of this library. */
const kernelEdge = 64;

const longerLengths: readonly number[] = [64, 256, 1024, 4096, 16_384];

/** Milliseconds of counting after which other calls of the worker get their turn. */
const turn = 40;

/** The cost of a mask on a text and on longer ones. @returns undefined after a cancel */
export async function costOfMask(spec: MaskSpec, length: number, port: TaskPort): Promise<MaskCost | undefined> {
  const lengths = [length, ...longerLengths.filter((longer) => longer > length)];
  const rows: CostRow[] = [];
  for (const longer of lengths) {
    const row = await costRow(maskOf(growSpec(spec, length, longer), longer), longer, () =>
      port.step("Counting pairs", rows.length, lengths.length),
    );
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return { rows };
}

/** Counts the pairs of a mask over a text. @param goOn called now and then; false ends the count, which then has no result */
export async function costRow(mask: Mask, length: number, goOn: () => Promise<boolean>): Promise<CostRow | undefined> {
  const { states, keyBlocks } = mask.blocks({ queryLength: length, keyLength: length }, { query: kernelEdge, key: kernelEdge });
  let [allowed, visited, last] = [0, 0, -Infinity];
  for (const [index, state] of states.entries()) {
    if (performance.now() - last > turn) {
      if (!(await goOn())) return undefined;
      last = performance.now();
    }
    if (state === blockStates.empty) continue;
    const [query, key] = [Math.floor(index / keyBlocks) * kernelEdge, (index % keyBlocks) * kernelEdge];
    const [queryEnd, keyEnd] = [Math.min(query + kernelEdge, length), Math.min(key + kernelEdge, length)];
    const pairs = (queryEnd - query) * (keyEnd - key);
    visited += pairs;
    allowed += state === blockStates.full ? pairs : countCells(mask, query, queryEnd, key, keyEnd);
  }
  return { length, pairs: length * length, allowed, visited };
}

function countCells(mask: Mask, queryStart: number, queryEnd: number, keyStart: number, keyEnd: number): number {
  let count = 0;
  for (let query = queryStart; query < queryEnd; query++) {
    for (let key = keyStart; key < keyEnd; key++) count += Number(mask.at(0, 0, query, key));
  }
  return count;
}
