import "@tensorflow/tfjs-backend-cpu";
import { env } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, vi } from "vitest";

// The CPU backend greets Node users on its first use; a test that prints is a test that fails.
env().set("IS_TEST", true);

const levels = ["log", "info", "warn", "error"] as const;
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void printed.push(`console.${level}: ${words.join(" ")}`));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(printed, "a test must not print").toEqual([]);
});
