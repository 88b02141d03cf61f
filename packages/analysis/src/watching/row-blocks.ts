import { scope } from "@tfblocks/tensor-utils";
import { type AttentionSummary, type RowBlock, SummaryBuilder } from "./attention-summary.js";
import type { WatchedCall } from "./watched-call.js";

/** The weights of one block of rows; computing them takes about eight times as much, with queries, scores and mask. */
const blockBytes = 4 * 2 ** 20;

/** The rows from `start` to `end` in blocks of about {@link blockBytes}, at least one row each. */
export function rowBlocks(call: WatchedCall, start: number, end: number): { start: number; end: number }[] {
  const { batch, heads } = call.sizes;
  const rowBytes = Math.max(1, batch * heads * call.columns * 4);
  const rows = Math.max(1, Math.floor(blockBytes / rowBytes));
  const count = Math.ceil((end - start) / rows);
  return Array.from({ length: count }, (_, block) => ({ start: start + block * rows, end: Math.min(end, start + (block + 1) * rows) }));
}

/** The summary of all rows. */
export async function summarize(call: WatchedCall, topK: number): Promise<AttentionSummary> {
  const builder = builderOf(call, topK);
  for (const { start, end } of rowBlocks(call, 0, call.sizes.queryLength)) builder.add(await readBlock(call, start, end));
  return builder.summary;
}

/** The same during a run, which cannot wait. */
export function summarizeSync(call: WatchedCall, topK: number): AttentionSummary {
  const builder = builderOf(call, topK);
  for (const { start, end } of rowBlocks(call, 0, call.sizes.queryLength)) builder.add(readBlockSync(call, start, end));
  return builder.summary;
}

export async function readBlock(call: WatchedCall, start: number, end: number): Promise<RowBlock> {
  const { weights, logSumExp } = scope(() => scoresOf(call, start, end));
  try {
    return { start, end, weights: await weights.data(), logSumExp: await logSumExp.data() };
  } finally {
    weights.dispose();
    logSumExp.dispose();
  }
}

function readBlockSync(call: WatchedCall, start: number, end: number): RowBlock {
  let block: RowBlock | undefined;
  scope(() => {
    const { weights, logSumExp } = scoresOf(call, start, end);
    block = { start, end, weights: weights.dataSync().slice(), logSumExp: logSumExp.dataSync().slice() };
  });
  return block!;
}

function scoresOf(call: WatchedCall, start: number, end: number) {
  const { weights, logSumExp } = call.attendRows(start, end, { needWeights: true, needLogSumExp: true });
  return { weights: weights!, logSumExp: logSumExp! };
}

function builderOf(call: WatchedCall, topK: number): SummaryBuilder {
  return new SummaryBuilder(call.sizes, call.columns, call.attention.sink !== undefined, topK);
}
