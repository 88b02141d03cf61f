import { readFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder } from "./paths.mjs";

const goals = JSON.parse(readFileSync(join(benchFolder, "goals.json"), "utf8"));

/** The goals of a row: each `{ measure, atLeast, met }`, of its ratio against this opponent or of its share of the peak. */
export function goalsOf(row, { setup: { relaxedSimd } }) {
  const concerns = (goal) =>
    goal.suite === row.suite &&
    goal.case === row.case &&
    (goal.threads ?? row.threads) === row.threads &&
    (row.bits ?? 32) === 32 &&
    (goal.relaxedSimd ?? relaxedSimd) === relaxedSimd;
  const of = (measure, matches) =>
    goals
      .filter((goal) => goal[measure] !== undefined && matches(goal) && concerns(goal))
      .map((goal) => ({ measure, atLeast: goal[measure], met: row[measure] === undefined ? undefined : row[measure] >= goal[measure] }));
  return [...of("ratio", ({ opponent }) => (opponent ?? row.opponent?.name) === row.opponent?.name), ...of("shareOfPeak", () => true)];
}
