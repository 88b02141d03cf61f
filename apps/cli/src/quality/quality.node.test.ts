import { memory } from "@tensorflow/tfjs-core";
import { setupWasm } from "@tfblocks/wasm";
import { beforeAll, describe, expect, it } from "vitest";
import type { PrecisionQuality } from "./measure-recipe.js";
import { quality } from "./quality.js";

beforeAll(() => setupWasm({ threads: 1 }));

async function run(args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const output = (stream: keyof typeof written) => ({ write: (text: string) => void (written[stream] += text) });
  const context = { stdout: output("stdout"), stderr: output("stderr"), signal: new AbortController().signal };
  return { code: await quality([...args, "--threads", "1"], context), ...written };
}

describe("quality", () => {
  it("keeps the loss of a trained model at 8 bits, and comes near it at 4", async () => {
    const before = memory().numTensors;
    const { code, stdout } = await run(["induction", "--json"]);
    expect(code).toBe(0);
    const [exact, bytes, nibbles] = JSON.parse(stdout) as [PrecisionQuality, PrecisionQuality, PrecisionQuality];
    expect([exact.bits, bytes.bits, nibbles.bits]).toEqual([32, 8, 4]);
    expect(exact.agreement).toBe(1);
    expect(bytes.agreement).toBeGreaterThan(0.95); // many tokens of a random sequence are equally likely
    expect(Math.abs(bytes.loss / exact.loss - 1)).toBeLessThan(0.01);
    expect(nibbles.agreement).toBeGreaterThan(0.6);
    expect(nibbles.bytes).toBeLessThan(bytes.bytes);
    expect(bytes.bytes).toBeLessThan(exact.bytes / 2);
    expect(memory().numTensors).toBe(before);
  });

  it("prints a table", async () => {
    const { stdout, stderr } = await run(["copy"]);
    expect(stderr).toBe("Measuring copy …\n");
    expect(stdout.split("\n")[0]).toBe("  model  bits  weights  loss (nats)  same token");
    expect(stdout).toMatch(/^ {2}copy +32 +\d+ kB +\d\.\d{4} +100\.00 %$/m);
  });

  it.each([
    [["--help"], 0, "Usage: npm run quality"],
    [["--group", "48"], 2, '--group must be 16, 32, 64 or 128, got "48"'],
    [["--group", "x"], 2, '--group must be an integer from 16 to 128, got "x"'],
    [["coppy"], 2, 'unknown recipe "coppy"; known recipes: '],
    [["copy", "--encoder", "."], 2, "--encoder and recipes exclude each other"],
    [["--encoder", "nowhere"], 1, "nowhere"],
  ])("%j", async (args, exitCode, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(exitCode);
    expect(stdout + stderr).toContain(message);
  });
});
