import { Readable } from "node:stream";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { demo } from "./demo.js";
import type { Part } from "./part.js";
import { allParts } from "./parts.js";
import type { DemoData } from "./to-json.js";

async function run(args: readonly string[], { piped, parts }: { piped?: string; parts?: Record<string, Part> } = {}) {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written) => ({ columns: 80, write: (text: string) => void (written[name] += text) });
  const stdin = piped === undefined ? undefined : Readable.from([Buffer.from(piped)]);
  const code = await demo(args, { stdout: output("stdout"), stderr: output("stderr"), stdin, env: {} }, parts);
  return { code, ...written };
}

const quick = "--part=self,cross,causal,padding,diversity";
const dataOf = (json: string) => JSON.parse(json) as DemoData;

test("prints every part with its checks, exits with 0 and frees all tensors", async () => {
  const before = memory().numTensors;
  const { code, stdout, stderr } = await run([]);
  expect(code).toBe(0);
  for (const { title } of Object.values(allParts)) expect(stdout).toContain(title);
  expect(stdout).toContain("The · 1 animal · 2 didn't");
  expect(stdout).toContain("what am I looking for?");
  expect(stdout).toMatch(/backend: TensorFlow\.js on WASM, tfblocks kernels,.* threads?\n/);
  expect(stdout.match(/are random and untrained/g)).toHaveLength(4);
  expect(stdout).toMatch(/\nChecks: \d+ ok, 0 failed\n$/);
  expect(stdout).not.toContain("\u001b");
  expect(stderr.split("\n")).toHaveLength(3);
  expect(memory().numTensors).toBe(before);
});

test("no line is wider than the page", async () => {
  const { stdout } = await run([quick]);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("--json prints everything on standard output; only the timings differ between runs", async () => {
  const [first, again] = [await run([quick, "--json", "--seed", "3"]), await run([quick, "--json", "--seed", "3"])];
  const { timings, ...data } = dataOf(first.stdout);
  const { timings: _others, ...repeated } = dataOf(again.stdout);
  expect(repeated).toEqual(data);
  expect(Object.keys(data)).toEqual(["version", "settings", "text", "tokens", "otherText", "otherTokens", "parts", "checks", "ok"]);
  expect(data.settings).toMatchObject({ backend: "wasm", wasm: { kernels: "fast", simd: true, refusals: [] } });
  expect(data.settings.wasm.threads.got).toBe(data.settings.wasm.threads.asked);
  expect(Object.keys(data.parts)).toEqual(["self", "cross", "causal", "padding", "diversity"]);
  expect(Object.keys(timings.milliseconds)).toEqual(Object.keys(data.parts));
  expect(data.checks.find(({ part }) => part === "causal")).toMatchObject({ status: "ok", measured: "[1, 11, 64]" });
  expect(first.stderr).toBe("");
});

test("the timings of the cost part are separate from the repeatable data", async () => {
  const { timings, parts } = dataOf((await run(["--part=cost", "--json"])).stdout);
  expect(JSON.stringify(parts)).not.toContain("milliseconds");
  expect(timings.cost).toMatchObject({ points: [{ length: 32 }, { length: 64 }, { length: 128 }, { length: 256 }, { length: 512 }] });
});

test("takes the text from the arguments, then from the pipe, then the default", async () => {
  const tokens = async (args: string[], piped?: string) =>
    dataOf((await run(["--part=diversity", "--json", ...args], piped === undefined ? {} : { piped })).stdout).tokens;
  expect(await tokens(["two", "words"], "piped text")).toEqual(["two", "words"]);
  expect(await tokens([], "a piped text\n")).toEqual(["a", "piped", "text"]);
  expect(await tokens([], "")).toContain("animal");
});

test.each([
  ["", 'demo: the input must be a text with at least one word, got ""\n'],
  ["a".repeat(10_000), "demo: the input must be a text of at most 4000 characters, got 10000 characters\n"],
  ["a ".repeat(300), "demo: the input must be a text of at most 256 tokens, got 300 tokens\n"],
])("an invalid text gives one sentence and exit code 1", async (text, message) => {
  expect(await run([text])).toEqual({ code: 1, stdout: "", stderr: message });
  expect((await run(["fine", "--with", text])).stderr).toBe(message.replace("the input", "--with"));
});

test("an invalid option gives one sentence and exit code 2", async () => {
  expect(await run(["--part", "nope"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'demo: unknown part "nope"; known parts: self, cross, causal, padding, scale, diversity, cost; see --help\n',
  });
});

test("--help lists every part", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  for (const name of Object.keys(allParts)) expect(stdout).toMatch(new RegExp(`^ +${name} `, "m"));
});

test("a failed check is reported and the exit code is 1", async () => {
  const broken: Part = {
    title: "Broken",
    run: async () => ({
      data: {},
      checks: [{ name: "rows sum to 1", status: "failed", measured: 0.5, expected: "at most 1e-5" }],
      print: () => [],
    }),
  };
  const { code, stdout } = await run([], { parts: { broken } });
  expect(code).toBe(1);
  expect(stdout).toContain("  failed  rows sum to 1: 0.5 (expected at most 1e-5)");
  expect(stdout).toContain("Checks: 0 ok, 1 failed");
  expect(dataOf((await run(["--json"], { parts: { broken } })).stdout)).toMatchObject({ ok: false });
});

test("control characters in a text do not reach the terminal", async () => {
  const { stdout } = await run(["--part=self", "red \u001b[31m text"]);
  expect(stdout).not.toContain("\u001b");
});
