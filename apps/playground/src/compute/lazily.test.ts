import { expect, test } from "vitest";
import { lazily } from "./lazily.js";

test("the code is fetched by the first call, and each call gets what it was given", async () => {
  let fetched = 0;
  const eager = { sum: (a: number, b: number) => a + b, say: async (word: string) => word };
  const calls = lazily<typeof eager>(["sum", "say"], async () => {
    fetched++;
    return eager;
  });
  expect(fetched).toBe(0);
  expect(await calls.sum(1, 2)).toBe(3);
  expect(await calls.say("yes")).toBe("yes");
});
