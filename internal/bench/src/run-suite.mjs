import { goalsOf } from "./goals.mjs";
import { printCase } from "./print.mjs";
import { runCase } from "./run-case.mjs";
import { suites } from "./suites/index.mjs";

/** Runs the cases of a suite and prints each as it ends; gives their rows. */
export async function runSuite(hosts, suite, { threads, quick, filter, progress }) {
  const chosen = suites[suite].filter((each) => (!quick || each.quick) && each.case.includes(filter));
  const rows = [];
  for (const benchCase of chosen) {
    const caseThreads = benchCase.threads === undefined ? threads : Math.max(threads, benchCase.threads);
    const done = progress(`${suite}: ${benchCase.case}`);
    const result = await runCase(hosts, suite, benchCase, { threads: caseThreads, quick }).finally(done);
    const { info } = await hosts.get("own", caseThreads);
    const goals = result.rows.map((row) => goalsOf(row, info));
    printCase({ suite, name: benchCase.case, runtime: info.runtime, threads: caseThreads, goals, ...result });
    rows.push(...result.rows.map((row, index) => (goals[index].length > 0 ? { ...row, goals: goals[index] } : row)));
  }
  return rows;
}
