import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { type HeadScore, type HeadScores, liftOver, meanOf } from "./row-scores.js";
import { type SkippedRows } from "./rows.js";

/**
 * The scores of consecutive blocks of rows as one: exactly those of a metric that reads all rows at once. It bounds the memory of
 * long maps, of which only one block of queries need exist at a time.
 *
 * Make the maps of each block with the `queryOffset` of its first row and the same keys, and score them by the same metric with
 * the same options. Results that say more than the scores of single rows cannot be merged: those of `headDiversity`,
 * `attentionSink`, `offsetSpectrum`, `dependencyAccuracy`, and all with `keptMass`. Predicates of tokens get the index of a query
 * in its block.
 *
 * @param blocks at least one, in the order of their rows
 * @throws ValueError when there is no block, or blocks differ in metric, version, batch or heads, or have more than scores of rows
 */
export function mergeScores(blocks: readonly HeadScores[]): HeadScores {
  checkBlocks(blocks);
  const [{ metric, version, batch, perHead }] = blocks as readonly [HeadScores];
  const heads = perHead.map((_, index) => blocks.map((block) => block.perHead[index]!));
  return { metric, version, batch, perHead: heads.map((scores) => mergeHead(scores, batch)) };
}

function mergeHead(blocks: readonly HeadScore[], batch: number): HeadScore {
  const values = joinRows(blocks, batch, "values");
  const nullValues = joinRows(blocks, batch, "nullValues");
  const [score, nullScore] = [meanOf(values), meanOf(nullValues)];
  // Where uniform attention is below the maximum in all rows together, it is so in some block.
  const hasLift = blocks.some(({ lift }) => lift !== null);
  return {
    head: blocks[0]!.head,
    score,
    nullScore,
    lift: hasLift ? liftOver(score, nullScore) : null,
    rowsUsed: blocks.reduce((sum, { rowsUsed }) => sum + rowsUsed, 0),
    skippedRows: {
      paddedQuery: sumOf(blocks, "paddedQuery"),
      noAllowedKey: sumOf(blocks, "noAllowedKey"),
      fewKeys: sumOf(blocks, "fewKeys"),
      noTarget: sumOf(blocks, "noTarget"),
    },
    values,
    nullValues,
  };
}

/** `[batch · rows]` of each block to `[batch · all rows]`. */
function joinRows(blocks: readonly HeadScore[], batch: number, name: "values" | "nullValues"): (number | null)[] {
  const joined: (number | null)[] = [];
  for (let sequence = 0; sequence < batch; sequence++) {
    for (const { [name]: values } of blocks) {
      const rows = values.length / batch;
      for (let row = sequence * rows; row < (sequence + 1) * rows; row++) joined.push(values[row]!);
    }
  }
  return joined;
}

function sumOf(blocks: readonly HeadScore[], reason: keyof SkippedRows): number {
  return blocks.reduce((sum, { skippedRows }) => sum + skippedRows[reason], 0);
}

const scoreNames = new Set(["metric", "version", "batch", "perHead"]);
const headNames = new Set(["head", "score", "nullScore", "lift", "rowsUsed", "skippedRows", "values", "nullValues"]);

function checkBlocks(blocks: readonly HeadScores[]): void {
  if (!Array.isArray(blocks)) refuse(ValueError, "mergeScores", "blocks", "a list of scores", describeValue(blocks));
  if (blocks.length === 0) refuse(ValueError, "mergeScores", "blocks", "at least one block of scores", "none");
  const wrong = blocks.findIndex((block) => !Array.isArray(block?.perHead));
  if (wrong >= 0) refuse(ValueError, "mergeScores", `blocks[${wrong}]`, "the result of a metric", describeValue(blocks[wrong]));
  const expected = describeBlock(blocks[0]!);
  for (const block of blocks) {
    if (describeBlock(block) !== expected) {
      refuse(
        ValueError,
        "mergeScores",
        "blocks",
        `all of ${expected}`,
        describeBlock(block),
        "merge scores of one metric over the same maps",
      );
    }
    if (isMergeable(block)) continue;
    const advice = "read all rows at once, or merge the scores of a metric of single rows";
    refuse(ValueError, "mergeScores", "blocks", "scores of rows that depend on no other row", block.metric, advice);
  }
}

function describeBlock({ metric, version, batch, perHead }: HeadScores): string {
  return `${metric} version ${version} with batch ${batch} and heads [${perHead.map(({ head }) => head).join(", ")}]`;
}

/** Whether a block has the values of its rows and nothing else, such as a pair of heads or a share of all rows. */
function isMergeable(block: HeadScores): boolean {
  return hasExactly(block, scoreNames) && block.perHead.every((head) => hasExactly(head, headNames));
}

function hasExactly(value: object, names: ReadonlySet<string>): boolean {
  const own = Object.keys(value);
  return own.length === names.size && own.every((name) => names.has(name));
}
