import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LatestRequest } from "./latest-request.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("only the last of several quick requests runs", async () => {
  const seen: number[] = [];
  const latest = new LatestRequest<number>(async (input) => void seen.push(input), 100);
  for (const input of [1, 2, 3]) latest.request(input);
  await vi.advanceTimersByTimeAsync(99);
  expect(seen).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toEqual([3]);
});

test("requests wait for the current run, and then only the latest runs", async () => {
  const log: string[] = [];
  const run = async (input: number): Promise<void> => {
    log.push(`start ${input}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    log.push(`end ${input}`);
  };
  const latest = new LatestRequest(run, 10);
  latest.request(1);
  await vi.advanceTimersByTimeAsync(20);
  latest.request(2);
  await vi.advanceTimersByTimeAsync(20);
  latest.request(3);
  expect(latest.hasNewer).toBe(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(log).toEqual(["start 1", "end 1", "start 3", "end 3"]);
});
