import "@tensorflow/tfjs-backend-cpu";
import { tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, vi } from "vitest";

const levels = ["log", "info", "warn", "error"] as const;
let printed: string[] = [];

function recordConsole(): void {
  printed = [];
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void printed.push(`console.${level}: ${words.join(" ")}`));
  }
}

// The CPU backend greets Node users on its first use, which is here.
recordConsole();
tensor([0]).dispose();

beforeEach(recordConsole);

afterEach(() => {
  vi.restoreAllMocks();
  expect(printed, "a test must not print").toEqual([]);
});
