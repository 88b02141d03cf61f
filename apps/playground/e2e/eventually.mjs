import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

const patience = 5000;
const pause = 50;

/**
 * Assertions about what a page shows soon: `await eventually.equal(() => page.textContent("#cost"), "12")`. The function is called again
 * until the assertion holds. After 5 s, its last failure is thrown.
 */
export const eventually = Object.fromEntries(
  ["deepEqual", "doesNotMatch", "equal", "match", "notEqual", "ok"].map((name) => [name, (...given) => repeated(assert[name], ...given)]),
);

async function repeated(assertion, read, ...expected) {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return assertion(await read(), ...expected);
    } catch (failure) {
      if (performance.now() > end) throw failure;
    }
    await setTimeout(pause);
  }
}
