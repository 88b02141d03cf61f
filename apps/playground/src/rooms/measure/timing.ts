import type { Timing } from "./figures.js";

/** Milliseconds that one timed run should take at least: clocks of browsers are coarse. */
const leastRun = 2;
const [leastRuns, mostRuns] = [3, 60];

/**
 * Times calls that are to be compared, in turns, so that whatever else the machine does meets all of them. There are at least three
 * runs of each, and more until the budget is used up.
 *
 * @param budget milliseconds of all runs together
 */
export function timeCalls(calls: readonly (() => void)[], budget: number, now: () => number = () => performance.now()): Timing[] {
  const prepared = calls.map((call) => ({ call, count: countOf(call, now), times: [] as number[] }));
  let used = 0;
  for (let run = 0; run < leastRuns || (used < budget && run < mostRuns); run++) {
    for (const { call, count, times } of prepared) {
      const time = elapsed(call, count, now);
      times.push(time / count);
      used += time;
    }
  }
  return prepared.map(({ times }) => summarize(times));
}

/** How many calls make one run. The first call of a shape also allocates, so that it is not counted. */
function countOf(call: () => void, now: () => number): number {
  const first = elapsed(call, 1, now);
  return first < leastRun ? Math.ceil(leastRun / Math.max(elapsed(call, 1, now), 0.01)) : 1;
}

function elapsed(call: () => void, count: number, now: () => number): number {
  const start = now();
  for (let index = 0; index < count; index++) call();
  return now() - start;
}

/** The median and the range of times. */
export function summarize(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)!, runs: sorted.length };
}
