/** Splits rows into tasks of about 2^16 steps of work. It depends on sizes only, so that the number of threads does not change a result. */
export function splitRows(rows: number, workPerRow: number): { rowsPerTask: number; tasks: number } {
  const rowsPerTask = Math.max(1, Math.ceil(2 ** 16 / Math.max(1, workPerRow)));
  return { rowsPerTask, tasks: Math.ceil(rows / rowsPerTask) };
}

/** Bytes of a task that streams a matrix: its four streams are then long enough for the processor to read ahead. */
const streamedBytes = 2 ** 20;

/** Splits the columns of a matrix that is streamed once into tasks, at least one for each thread; a result does not depend on it. */
export function splitColumns(columns: number, bytesPerColumn: number, threads: number): { columnBlock: number; tasks: number } {
  const most = Math.min(columns / threads, streamedBytes / bytesPerColumn);
  const columnBlock = 16 * Math.max(1, Math.ceil(most / 16));
  return { columnBlock, tasks: Math.ceil(columns / columnBlock) };
}
