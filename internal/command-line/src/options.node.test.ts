import { expect, it } from "vitest";
import { UsageError } from "./command-error.js";
import { checkNames, integer, number, parseOptions } from "./options.js";

const options = { seed: { type: "string" }, json: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } } as const;

it("parses options and other arguments", () => {
  const { values, positionals } = parseOptions(["a", "--seed=-1", "--json", "b"], options);
  expect([values.seed, values.json, positionals]).toEqual(["-1", true, ["a", "b"]]);
});

it.each([
  [["--sed", "1"], 'unknown option "--sed"; known options: --seed, --json, --help'],
  [["-x"], 'unknown option "-x"; known options: --seed, --json, --help'],
  [["--seed"], "--seed needs a value; write --seed=VALUE if the value starts with a dash"],
  [["--seed", "-1"], "--seed needs a value; write --seed=VALUE if the value starts with a dash"],
  [["--json=yes"], "--json does not take a value"],
  [["--help=yes"], "--help does not take a value"],
])("rejects %j with one sentence", (args, message) => {
  expect(() => parseOptions(args, options)).toThrow(new UsageError(message));
});

it("rejects unknown names and lists the known ones", () => {
  checkNames("recipe", ["copy"], ["copy", "reverse"]);
  expect(() => checkNames("recipe", ["chess"], ["copy", "reverse"])).toThrow(
    new UsageError('unknown recipe "chess"; known recipes: copy, reverse'),
  );
});

it("parses numbers and names the option, the range and the value of those it rejects", () => {
  expect([integer("--seed", "7", 0), number("--top-p", "a number > 0", "0.5", (value) => value > 0)]).toEqual([7, 0.5]);
  expect(() => integer("--seed", "1.5", 0)).toThrow(new UsageError('--seed must be an integer >= 0, got "1.5"'));
  expect(() => integer("--steps", "0", 1, 9)).toThrow(new UsageError('--steps must be an integer from 1 to 9, got "0"'));
  expect(() => number("--top-p", "a number > 0", "", () => true)).toThrow(new UsageError('--top-p must be a number > 0, got ""'));
});
