import { expect, test } from "vitest";
import { lazily } from "./lazily.js";

test("the first call fetches the code, and each call gets its arguments", async () => {
  let fetched = 0;
  const module = { sum: (a: number, b: number) => a + b, echo: async (word: string) => word };
  const calls = lazily(async () => {
    fetched++;
    return module;
  });
  expect(fetched).toBe(0);
  expect(await calls.sum(1, 2)).toBe(3);
  expect(await calls.echo("yes")).toBe("yes");
});
