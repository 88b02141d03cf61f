import { expect, test } from "vitest";
import { parseOptions, UsageError } from "./options.js";

const names = ["self", "cross", "scale"];
const parse = (...args: string[]) => parseOptions(args, names);

test("without options every part runs, on no text of its own", () => {
  expect(parse()).toMatchObject({ parts: names, text: undefined, json: false, settings: { dModel: 64, numHeads: 4, seed: 0 } });
});

test("words are joined to a text; parts are listed or repeated, and told in their order", () => {
  expect(parse("the", "cat", "--part", "scale,self", "--part=self")).toMatchObject({ text: "the cat", parts: ["self", "scale"] });
});

test.each([
  [["--part", "nope"], '--part must be one of self, cross, scale, got "nope"'],
  [["--dim", "abc"], '--dim must be an integer from 2 to 512, got "abc"'],
  [["--dim", "1e2"], '--dim must be an integer from 2 to 512, got "1e2"'],
  [["--heads", "0"], '--heads must be an integer from 1 to 64, got "0"'],
  [["--heads", "3"], "--heads must divide --dim = 64, got 3"],
  [["--seed", "1.5"], '--seed must be an integer from 0 to 9007199254740991, got "1.5"'],
  [["--seed", "-1"], "option '--seed' needs a value, written --seed=VALUE where it begins with a dash"],
  [["--colour"], "unknown option '--colour'"],
])("%j is refused in one sentence", (args, message) => {
  expect(() => parse(...args)).toThrow(new UsageError(message));
});
