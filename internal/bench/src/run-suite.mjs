import { goalsOf } from "./goals.mjs";
import { measurePeaks } from "./measure-peaks.mjs";
import { runVisit } from "./playground/run-visit.mjs";
import { printCase, printFailure, printHost } from "./print.mjs";
import { runCase } from "./run-case.mjs";
import { runMemory } from "./run-memory.mjs";
import { runAnalysis, runFolder } from "./run-process.mjs";

const runs = { memory: runMemory, folder: runFolder, analysis: runAnalysis, visit: runVisit };

/**
 * Runs cases and prints each as it ends.
 *
 * @returns `{ rows, failures }`; a case that fails does not keep the others from running
 */
export async function runSuite(hosts, suite, cases, options) {
  const [rows, failures] = [[], []];
  for (const each of cases) {
    const threads = Math.max(options.threads, each.threads ?? 1);
    const stopProgress = options.progress(`${suite}: ${each.case}`);
    try {
      const { info } = await introduced(hosts, threads);
      checkNeeds(each, info);
      const result = await (runs[each.measure] ?? runCase)(hosts, suite, each, { ...options, threads });
      const judged = result.rows.map((row) => withGoals(row, info));
      stopProgress();
      printCase({ ...result, rows: judged });
      rows.push(...judged);
    } catch (error) {
      stopProgress();
      printFailure(suite, each.case, error);
      failures.push(`${suite}: ${each.case}`);
      await hosts.close(); // the next case starts afresh
    }
  }
  return { rows, failures };
}

function checkNeeds({ needsFused = false }, { setup }) {
  if (needsFused && !setup.added.includes("FusedAttention")) throw new Error("needs the kernel FusedAttention, which the backend lacks");
}

function withGoals(row, info) {
  const goals = goalsOf(row, info);
  return goals.length === 0 ? row : { ...row, goals };
}

const known = new Set();

/** The host that computes ours; says once what it is. */
async function introduced(hosts, threads) {
  const host = await hosts.get("own", threads);
  const key = `${host.info.runtime} ${threads}`;
  if (!known.has(key)) printHost(host.info, threads, await measurePeaks(host));
  known.add(key);
  return host;
}
