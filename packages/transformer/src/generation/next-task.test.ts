import { afterEach, expect, test, vi } from "vitest";
import { nextTask } from "./next-task.js";

afterEach(() => void vi.unstubAllGlobals());

test.each(["as it is", "a browser"])("messages that were sent before come first, in %s", async (runtime) => {
  if (runtime === "a browser") vi.stubGlobal("setImmediate", undefined);
  const received: unknown[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", ({ data }) => received.push(data));
  port1.start();
  for (let round = 0; round < 3; round++) {
    port2.postMessage(round);
    await nextTask();
    await nextTask();
    expect(received).toHaveLength(round + 1);
  }
  port1.close();
});

test("many tasks take less time than as many frames, or timers that follow one another", async () => {
  vi.stubGlobal("setImmediate", undefined);
  const start = performance.now();
  for (let task = 0; task < 200; task++) await nextTask();
  expect(performance.now() - start).toBeLessThan(200 * 4);
});
