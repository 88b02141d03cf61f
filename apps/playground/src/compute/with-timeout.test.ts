import { expect, test } from "vitest";
import { TimeoutError, withTimeout } from "./with-timeout.js";

test("hands through what settles in time", async () => {
  await expect(withTimeout(Promise.resolve(7), 1000)).resolves.toBe(7);
  await expect(withTimeout(Promise.reject(new RangeError("no")), 1000)).rejects.toThrow(RangeError);
});

test("gives up on what never settles", async () => {
  await expect(withTimeout(new Promise(() => {}), 5)).rejects.toThrow(TimeoutError);
});
