/** Milliseconds of work between two returns to the event loop. */
const slice = 30;

/**
 * Splits long work into time slices, so that it does not block the event loop.
 *
 * @param onPause called at the end of each time slice
 * @returns a function for the work to await often. It waits for the event loop when a time slice has ended, and rejects
 *   with the signal's reason when the signal is aborted
 */
export function timeSlices(signal: AbortSignal | undefined, onPause: () => void): () => Promise<void> | undefined {
  let started = performance.now();
  signal?.throwIfAborted();
  const pause = async () => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    signal?.throwIfAborted();
    onPause();
    started = performance.now();
  };
  return () => (performance.now() - started < slice ? undefined : pause());
}
