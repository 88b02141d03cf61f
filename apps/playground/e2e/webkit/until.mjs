import { CommandError } from "./session.mjs";

/** What happens while a page changes, and is over with the next try. */
const passing = new Set([
  "element click intercepted",
  "element not interactable",
  "javascript error",
  "no such element",
  "script timeout",
  "stale element reference",
]);

const failsForNow = (error) => error instanceof CommandError && passing.has(error.code);

/** Tries until something other than undefined is the result. @throws what went wrong last, or a sentence about what was waited for */
export async function until(what, attempt, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    let reason = `${what} did not happen`;
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      if (!failsForNow(error)) throw error;
      reason = `${what}: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`${reason} within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
