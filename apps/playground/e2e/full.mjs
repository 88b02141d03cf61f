import { browserName } from "./browsers.mjs";

/** Whether all tests run, as with `npm test -- --full`. Otherwise only the first one of each group does, which is its main path. */
export const isFull = process.env.TFBLOCKS_FULL === "1";

/**
 * Declares the tests of a group: the first one and those that are `main` always, the others only in a full run. `lacks` says why a
 * browser cannot run a test, by the name of the browser.
 */
export function mainFirst(declare) {
  let isFirst = true;
  return (title, { main = false, lacks = {}, ...options }, body) => {
    const skip = lacks[browserName] ?? (!isFull && !isFirst && !main);
    isFirst = false;
    return declare(title, { skip, ...options }, body);
  };
}
