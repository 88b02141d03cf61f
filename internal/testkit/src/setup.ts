import { tensor } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, vi } from "vitest";
import { freshBackends } from "./fresh-backends.js";
import { forbidLeaks, type Holdings, holdings, leakBetween } from "./leak-check.js";
import { disposeUsed, startUsing } from "./use.js";

const levels = ["log", "info", "warn", "error"] as const;
let printed: string[] = [];
let before: Holdings;

function recordConsole(): void {
  printed = [];
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void printed.push(`console.${level}: ${words.join(" ")}`));
  }
}

// Property tests run the same cases every time.
fc.configureGlobal({ seed: 1 });

// The CPU backend greets Node users on its first use, which is here.
recordConsole();
await freshBackends();
tensor([0]).dispose();

beforeEach(() => {
  recordConsole();
  before = holdings();
  startUsing();
});

// Runs after the hooks of the test file itself.
afterEach(({ task }) => {
  vi.restoreAllMocks();
  disposeUsed();
  const leak = forbidLeaks() ? undefined : leakBetween(before, holdings());
  if (task.result?.state === "fail") return;
  expect(printed, "a test must not print").toEqual([]);
  if (leak !== undefined) throw new Error(leak);
});

// Many test files share a process: what one of them stubs, for example `fetch`, the next must not meet.
afterAll(() => void vi.unstubAllGlobals());
