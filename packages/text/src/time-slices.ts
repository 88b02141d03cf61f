/** Milliseconds of work before the event loop gets its turn. */
const slice = 30;

/**
 * What long work awaits now and then: hands over to the event loop when its slice of time is used up, and says so.
 *
 * @param onTurn called at each turn
 * @returns a check; it rejects with the signal's reason once that is aborted
 */
export function timeSlices(signal: AbortSignal | undefined, onTurn: () => void): () => Promise<void> | undefined {
  let started = performance.now();
  signal?.throwIfAborted();
  const takeTurn = async () => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    signal?.throwIfAborted();
    onTurn();
    started = performance.now();
  };
  return () => (performance.now() - started < slice ? undefined : takeTurn());
}
