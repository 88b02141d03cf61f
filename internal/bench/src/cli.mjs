import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Failure } from "../../../scripts/lib/run.mjs";
import { bold, dim, say, showProgress } from "../../../scripts/lib/terminal.mjs";
import { hasPyTorch } from "./connections/python.mjs";
import { createHosts } from "./hosts.mjs";
import { drawPlots, plotCases } from "./plot/index.mjs";
import { runSuite } from "./run-suite.mjs";
import { suites } from "./suites/index.mjs";

/** Runs the chosen suites on one runtime; gives the exit code, 1 when a case failed or a contender computed something else. */
export async function runBench({ chosen, runtime, threads, bits, quick, filter, json }) {
  if (!hasPyTorch()) say(dim("PyTorch is not installed, so its rows are missing: npm run bench -- setup-pytorch installs it (6 GB)."));
  const parts = chosen.map((suite) => [suite, casesOf(suite, { bits, quick, filter })]);
  if (parts.every(([, cases]) => cases.length === 0)) {
    const wishes = [bits !== 32 && `weights of ${bits} bits`, filter && `"${filter}" in its name`].filter(Boolean).join(" and ");
    throw new Failure(`bench: there is no ${quick ? "quick " : ""}case of ${chosen.join(", ")}${wishes && ` with ${wishes}`}.`);
  }
  const { rows, failures } = await runParts(parts, { runtime, threads, quick });
  if (json) writeRows(json, rows);
  return report(rows, failures);
}

/** The cases that have weights of so many bits, with these bits in their `spec`. */
function casesOf(suite, { bits, quick, filter }) {
  const wanted = suites[suite].filter(
    ({ case: name, quick: isQuick = false, bits: possible = [32] }) =>
      (!quick || isQuick) && name.includes(filter) && possible.includes(bits),
  );
  return wanted.map((each) => (each.bits === undefined ? each : { ...each, spec: { ...each.spec, bits } }));
}

/** Draws the rows of a file, or runs the cases of the plots and keeps their rows in that file. */
export async function plotBench({ runtime, threads, quick, json }) {
  const kept = json && existsSync(json) ? JSON.parse(readFileSync(json, "utf8")) : undefined;
  const { rows, failures } = kept ? { rows: kept, failures: [] } : await runParts(plotCases({ quick }), { runtime, threads, quick });
  if (json && !kept) writeRows(json, rows);
  for (const path of drawPlots(rows)) say(`Wrote ${path}.`);
  return failures.length === 0 ? 0 : 1;
}

async function runParts(parts, { runtime, threads, quick }) {
  const hosts = createHosts({ runtime });
  const [rows, failures] = [[], []];
  try {
    for (const [suite, cases] of parts) {
      const result = await runSuite(hosts, suite, cases, { threads, quick, progress: showProgress });
      rows.push(...result.rows);
      failures.push(...result.failures);
    }
  } finally {
    await hosts.close();
  }
  return { rows, failures };
}

const writeRows = (path, rows) => writeFileSync(path, `${JSON.stringify(rows, null, 2)}\n`);

function report(rows, failures) {
  const judged = new Map(
    rows.flatMap(({ suite, case: name, threads, opponent, goals = [] }) =>
      goals.map(({ measure, met }) => [`${suite} ${name} ${threads} ${measure === "ratio" ? opponent.name : measure}`, met]),
    ),
  );
  const met = [...judged.values()].filter(Boolean).length;
  if (judged.size > 0) say(bold(`\n${met} of ${judged.size} goals met.`));
  const wrong = rows.filter(({ differs }) => differs !== undefined);
  for (const { suite, case: name, opponent } of wrong) say(`${suite}: ${name}: ${opponent.name} does not compute what ours does.`);
  for (const failure of failures) say(`${failure} failed.`);
  return wrong.length + failures.length === 0 ? 0 : 1;
}
