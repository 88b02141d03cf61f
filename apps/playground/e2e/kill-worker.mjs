/** The compute worker of a page. */
export const computeWorker = (page) => page.workers().find((worker) => worker.url().includes("compute.worker"));

/** Ends the compute worker from inside, which fires no event in the page, as when the browser ends it. */
export async function killWorker(page) {
  const worker = computeWorker(page);
  const gone = new Promise((resolve) => worker.once("close", resolve));
  await worker.evaluate(() => globalThis.close()).catch(() => {}); // it has no time to answer
  await gone;
}
