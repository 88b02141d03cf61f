import { openPage } from "../../../../apps/playground/e2e/open-page.mjs";
import { isolation, serve } from "../../../../apps/playground/e2e/serve.mjs";
import { build } from "../../../../scripts/lib/workspace.mjs";
import { launchChromium } from "../connections/chromium.mjs";
import { once, statistics } from "../statistics.mjs";
import { visits } from "./visits.mjs";

/** The Train room, in which a run can be started. */
const start = { hash: "#/train?steps=5000", picture: ".run-buttons .strong" };
let built;

/**
 * What a reader waits for on the built playground, in Chromium and with as many threads as it takes; beside it, what the case allows at most.
 *
 * @returns `{ rows, missing }` as `runCase`
 */
export async function runVisit(_hosts, suite, { case: name, visit, spec, limit }, { quick }) {
  await (built ??= build("apps/playground"));
  const { runtime, threads, times } = await visited(visit, spec, quick ? 2 : 9);
  const ours = { ...statistics(times), unit: "ms" };
  const row = { suite, case: name, runtime, threads, ours };
  const beside = limit && { opponent: { name: "what it may take", version: "", ...once(limit) }, ratio: limit / ours.median };
  return { rows: [{ ...row, ...beside }], missing: [] };
}

async function visited(visit, spec, count) {
  const [server, browser] = [await serve(isolation), await launchChromium()];
  try {
    const { page, problems } = await openPage(browser, server.url, start);
    const times = await visits[visit](page, spec, count);
    if (problems.length > 0) throw new Error(problems[0]);
    return { runtime: `Chromium ${browser.version()}`, threads: Number(await page.getAttribute(".chip", "data-threads")), times };
  } finally {
    await browser.close();
    await server.close();
  }
}
