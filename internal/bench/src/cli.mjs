import { writeFileSync } from "node:fs";
import { Failure } from "../../../scripts/lib/run.mjs";
import { bold, dim, say, showProgress } from "../../../scripts/lib/terminal.mjs";
import { createHosts } from "./hosts.mjs";
import { hasPyTorch } from "./connections/python.mjs";
import { runSuite } from "./run-suite.mjs";

/** Runs the chosen suites on one runtime; gives the exit code, 1 when a contender computed something else. */
export async function runBench({ chosen, runtime, threads, quick, filter, json }) {
  if (!hasPyTorch()) say(dim("PyTorch is not installed, so its rows are missing: npm run bench -- setup-pytorch installs it (6 GB)."));
  const hosts = createHosts({ runtime });
  const rows = [];
  try {
    for (const suite of chosen) rows.push(...(await runSuite(hosts, suite, { threads, quick, filter, progress: showProgress })));
  } finally {
    await hosts.close();
  }
  if (rows.length === 0) {
    throw new Failure(`bench: no case of ${chosen.join(", ")}${quick ? " (--quick)" : ""} has "${filter}" in its name.`);
  }
  if (json) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
  return report(rows);
}

function report(rows) {
  const goals = rows.flatMap(({ goals: each = [] }) => each);
  const met = goals.filter((goal) => goal.met).length;
  if (goals.length > 0) say(bold(`\n${met} of ${goals.length} goals met.`));
  const wrong = rows.filter(({ differs }) => differs !== undefined);
  for (const { suite, case: name, opponent } of wrong) say(`${suite}, ${name}: ${opponent.name} does not compute what ours does.`);
  return wrong.length === 0 ? 0 : 1;
}
