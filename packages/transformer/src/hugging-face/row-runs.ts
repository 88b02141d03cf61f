/** Consecutive rows of a stored tensor that are consecutive rows of one of our tensors. */
interface RowRun {
  /** The name of ours. */
  readonly ours: string;
  /** The first row of ours. */
  readonly first: number;
  /** The first row of the stored tensor. */
  readonly start: number;
  readonly count: number;
}

/** The runs of a stored tensor. @param rows of it for each of ours, as a plan of a layout gives them */
export function rowRuns(rows: Readonly<Record<string, readonly number[]>>): readonly RowRun[] {
  return Object.entries(rows).flatMap(([ours, theirs]) => {
    const firsts = theirs.flatMap((row, at) => (at > 0 && theirs[at - 1] === row - 1 ? [] : [at]));
    return firsts.map((first, run) => ({ ours, first, start: theirs[first]!, count: (firsts[run + 1] ?? theirs.length) - first }));
  });
}

/** The parts of runs that lie in `count` rows from `start` on; their `start` counts from there. */
export function runsWithin(runs: readonly RowRun[], start: number, count: number): readonly RowRun[] {
  return runs.flatMap((run) => {
    const [from, to] = [Math.max(run.start, start), Math.min(run.start + run.count, start + count)];
    return from < to ? [{ ours: run.ours, first: run.first + from - run.start, start: from - start, count: to - from }] : [];
  });
}
