import { expect, test } from "vitest";
import { lesson } from "./lesson.js";
import { readPlace, writePlace } from "./lesson-link.js";

test("a link leads to each step as it starts", () => {
  for (const [step, { start }] of lesson.entries()) {
    const link = writePlace({ step, shown: start });
    expect(link.toString()).toBe(`lesson=attention&step=${step + 1}`);
    expect(readPlace(link)).toEqual({ step, shown: start });
  }
});

test("a link keeps what the reader has changed", () => {
  const { start } = lesson[6]!;
  const part = "layers.0.attention";
  const shown = { ...start, text: "a&b=abab", edits: [{ kind: "ablate", part, heads: [0], by: "zero" } as const] };
  expect(readPlace(writePlace({ step: 6, shown }))).toEqual({ step: 6, shown });
});

test.each(["", "step=3", "lesson=other&step=3", "lesson=attention&step=0", "lesson=attention&step=11", "lesson=attention&step=2.5"])(
  "without a valid step it is the first: %s",
  (text) => {
    expect(readPlace(new URLSearchParams(text))).toEqual({ step: 0, shown: lesson[0]!.start });
  },
);

test("every step has another name and title", () => {
  expect(lesson).toHaveLength(10);
  expect(new Set(lesson.map(({ id }) => id)).size).toBe(10);
  expect(new Set(lesson.map(({ title }) => title)).size).toBe(10);
});
