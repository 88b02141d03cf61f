import { UsageError } from "@tfblocks/command-line";
import { expect, test } from "vitest";
import { parseDemoOptions } from "./options.js";

const names = ["self", "cross", "scale"];
const parse = (...args: string[]) => parseDemoOptions(args, names);

test("by default every part runs and no text is given", () => {
  expect(parse()).toMatchObject({ parts: names, text: undefined, json: false, settings: { dModel: 64, numHeads: 4, seed: 0 } });
});

test("words are joined to a text; parts can be listed or repeated, and run in their fixed order", () => {
  expect(parse("the", "cat", "--part", "scale,self", "--part=self")).toMatchObject({ text: "the cat", parts: ["self", "scale"] });
});

test.each([
  [["--part", "nope"], 'unknown part "nope"; known parts: self, cross, scale'],
  [["--dim", "abc"], '--dim must be an integer from 2 to 512, got "abc"'],
  [["--dim", "1e2"], '--dim must be an integer from 2 to 512, got "1e2"'],
  [["--heads", "0"], '--heads must be an integer from 1 to 64, got "0"'],
  [["--heads", "3"], "--heads must divide --dim = 64, got 3"],
  [["--seed", "1.5"], '--seed must be an integer >= 0, got "1.5"'],
  [["--seed", "-1"], "--seed needs a value; write --seed=VALUE if the value starts with a dash"],
  [["--colour"], 'unknown option "--colour"; known options: --part, --with, --heads, --dim, --seed, --json, --help'],
])("%j is rejected with one sentence", (args, message) => {
  expect(() => parse(...args)).toThrow(new UsageError(message));
});
