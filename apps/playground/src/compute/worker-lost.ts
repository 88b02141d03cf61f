import { lacksMemory } from "./outcome.js";

/** The worker ended before it answered. The same call can be made again: `compute.calls` is then about the next worker. */
export class WorkerLost extends Error {
  override readonly name = "WorkerLost";
}

/**
 * Makes a call of the worker once more if the worker is lost meanwhile, or its memory ran out: the next worker has more of it.
 *
 * @throws WorkerLost if the second worker is lost too
 */
export async function askAgain<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await call();
    if (!lacksMemory(answer)) return answer;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
  }
  return call();
}
