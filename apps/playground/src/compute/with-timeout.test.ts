import { expect, test } from "vitest";
import { TimeoutError, withTimeout } from "./with-timeout.js";

test("passes on a promise that settles in time", async () => {
  await expect(withTimeout(Promise.resolve(7), 1000)).resolves.toBe(7);
  await expect(withTimeout(Promise.reject(new RangeError("no")), 1000)).rejects.toThrow(RangeError);
});

test("rejects when the promise does not settle in time", async () => {
  await expect(withTimeout(new Promise(() => {}), 5)).rejects.toThrow(TimeoutError);
});
