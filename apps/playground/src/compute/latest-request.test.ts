import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LatestRequest } from "./latest-request.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("of requests in quick succession only the last one runs", async () => {
  const seen: number[] = [];
  const latest = new LatestRequest<number>(async (input) => void seen.push(input), 100);
  for (const input of [1, 2, 3]) latest.ask(input);
  await vi.advanceTimersByTimeAsync(99);
  expect(seen).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual([3]);
});

test("requests during a run wait for its end, and the newest of them follows", async () => {
  const log: string[] = [];
  const run = async (input: number): Promise<void> => {
    log.push(`start ${input}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    log.push(`end ${input}`);
  };
  const latest = new LatestRequest(run, 10);
  latest.ask(1);
  await vi.advanceTimersByTimeAsync(20);
  latest.ask(2);
  await vi.advanceTimersByTimeAsync(20);
  latest.ask(3);
  expect(latest.overtaken).toBe(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(log).toEqual(["start 1", "end 1", "start 3", "end 3"]);
});
