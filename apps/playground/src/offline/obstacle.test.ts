import { expect, test } from "vitest";
import { offlineObstacle, threadAdvice } from "./obstacle.js";

test("says why a page cannot work offline", () => {
  expect(offlineObstacle({ isSecureContext: true, hasServiceWorkers: true })).toBeUndefined();
  expect(offlineObstacle({ isSecureContext: false, hasServiceWorkers: false })).toMatch(/address begins with http:/);
  expect(offlineObstacle({ isSecureContext: true, hasServiceWorkers: false })).toMatch(/runs no service workers/);
});

test("a reload helps only a page of its own that has a service worker", () => {
  expect(threadAdvice(false, true)).toMatch(/^Reload/);
  expect(threadAdvice(true, true)).toMatch(/tab of its own/);
  expect(threadAdvice(false, false)).toBeUndefined();
});
