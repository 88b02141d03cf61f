import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { writeSafetensors } from "@tfblocks/weights";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { train } from "./train.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tfblocks-train-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command; it is interrupted once standard error matches `stopAfter`. */
async function run(args: readonly string[], stopAfter?: RegExp) {
  const [written, stop] = [{ stdout: "", stderr: "" }, new AbortController()];
  const output = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
      if (stopAfter?.test(written.stderr)) stop.abort();
    },
  });
  const code = await train(args, { stdout: output("stdout"), stderr: output("stderr"), signal: stop.signal }, { count: 18, seed: 1 });
  return { code, ...written };
}

const short = (out: string, ...others: string[]) => ["copy", "--steps", "6", "--threads", "1", "--out", join(folder, out), ...others];
const fileOf = (out: string, name: string) => readFile(join(folder, out, name));
const logOf = async (out: string) => JSON.parse(String(await fileOf(out, "training-log.json"))) as Record<string, unknown>;

describe("npm run train", () => {
  it("writes a Hugging Face folder with a log, exits with 1 if a target is not met, and frees all tensors", async () => {
    const before = memory().numTensors;
    const { code, stdout, stderr } = await run(short("model"));
    expect(code).toBe(1); // six steps are too few to learn anything
    expect(stdout).toMatch(/^Copy: 6 steps in \d+ s\n {2}held-out strings exact +0\.0000 {2}target ≥ 0\.99 {2}NOT MET\nSaved to /);
    expect(stderr).toMatch(/\nstep 6\/6 {3}loss \d\.\d{4} {3}[\d\u2009]+ tokens\/s {3}0 s left\n/);
    expect((await readdir(join(folder, "model"))).toSorted()).toEqual([
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "training-log.json",
    ]);
    expect(await logOf("model")).toMatchObject({ recipe: "copy", seed: 0, steps: 6, losses: expect.any(Array), metrics: [{ met: false }] });
    expect(memory().numTensors).toBe(before);
  });

  // If the digest changes, the committed models can no longer be reproduced; train all recipes again.
  it("trains the same bits as when the committed models were trained", async () => {
    await run(short("bits"));
    const digest = createHash("sha256")
      .update(await fileOf("bits", "model.safetensors"))
      .digest("hex");
    expect(digest).toBe("134e51a35edd319932f8038b8db2a2a367e201e6583c0078634eb45c02bbec78");
  });

  it("writes the same bytes again, with any number of threads", async () => {
    await run(short("once"));
    await run([...short("twice"), "--threads", "2"]);
    for (const name of ["config.json", "model.safetensors", "tokenizer.json", "training-log.json"]) {
      expect(await fileOf("twice", name)).toEqual(await fileOf("once", name));
    }
  });

  it("saves a checkpoint when interrupted, and resumes from it with the same bits", async () => {
    await run(short("whole"));
    const stopped = await run(short("parts"), /step 3\/6/);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Stopped after step 3\. To continue, run: npm run train -- copy --out ".*parts" --resume\n$/);
    expect(await readdir(join(folder, "parts"))).toEqual(["checkpoint.safetensors"]);
    expect((await run(["copy", "--resume", "--threads", "1", "--out", join(folder, "parts")])).stderr).toContain("resumed");
    expect(await fileOf("parts", "model.safetensors")).toEqual(await fileOf("whole", "model.safetensors"));
    expect((await logOf("parts"))["losses"]).toEqual((await logOf("whole"))["losses"]);
  });

  it("does not resume without a checkpoint or with other settings", async () => {
    expect((await run(short("none", "--resume"))).stderr).toMatch(
      /^train: --resume needs the checkpoint of an interrupted training, but .* does not exist\n$/,
    );
    await run(short("stopped"), /step 2\/6/);
    const other = await run(["copy", "--steps", "7", "--resume", "--threads", "1", "--out", join(folder, "stopped")]);
    expect(other.code).toBe(1);
    expect(other.stderr).toBe("train: --steps must be 6, as in the interrupted training, got 7; use --restart to start again\n");
  });

  it("does not overwrite a checkpoint without --restart", async () => {
    await run(short("kept"), /step 2\/6/);
    const kept = await fileOf("kept", "checkpoint.safetensors");
    const again = await run(short("kept"));
    expect([again.code, again.stderr]).toEqual([
      1,
      `train: ${join(folder, "kept", "checkpoint.safetensors")} is the checkpoint of an interrupted training; --resume continues it, --restart discards it\n`,
    ]);
    expect(await fileOf("kept", "checkpoint.safetensors")).toEqual(kept);
    expect((await run(short("kept", "--restart"))).stderr).not.toContain("resumed");
    expect(await readdir(join(folder, "kept"))).not.toContain("checkpoint.safetensors");
  });

  it.each([
    ["nothing", {}],
    ["text that is not JSON", { "tfblocks.run": "{" }],
    ["a number", { "tfblocks.run": "5" }],
    ["missing losses", { "tfblocks.run": '{"settings":{"recipe":"copy","steps":6,"seed":0},"seconds":1}' }],
    [
      "steps that are not a number",
      { "tfblocks.run": '{"settings":{"steps":"6","seed":0},"seconds":1,"losses":{"points":[],"pending":[]}}' },
    ],
  ])("does not resume from a file whose run data is %s", async (_what, metadata) => {
    const path = join(folder, "foreign");
    await mkdir(path);
    await writeFile(join(path, "checkpoint.safetensors"), writeSafetensors({}, { metadata }));
    const { code, stderr } = await run(["copy", "--resume", "--threads", "1", "--out", path]);
    expect([code, stderr]).toEqual([
      1,
      `train: --resume needs a checkpoint of this command, but ${join(path, "checkpoint.safetensors")} is not one\n`,
    ]);
  });

  it("reports a system error in one sentence", async () => {
    await mkdir(join(folder, "odd", "checkpoint.safetensors"), { recursive: true });
    const { code, stderr } = await run(["copy", "--resume", "--threads", "1", "--out", join(folder, "odd")]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^train: E[A-Z]+: .+\n$/)]);
  });

  it("prints its log as JSON with --json", async () => {
    const { stdout } = await run(short("json", "--json", "--seed", "3"));
    expect(JSON.parse(stdout)).toMatchObject({ recipe: "copy", seed: 3, steps: 6, seconds: expect.any(Number) as number, threads: 1 });
  });

  it("lists recipes and options with --help", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const word of ["copy", "reverse", "induction", "addition", "grammar", "--resume"]) expect(stdout).toContain(word);
  });

  it.each([
    [[], "train: expected one recipe, got 0; known recipes: copy, reverse, induction, addition, grammar; see --help\n"],
    [["chess"], 'train: unknown recipe "chess"; known recipes: copy, reverse, induction, addition, grammar; see --help\n'],
    [["copy", "--steps", "0"], 'train: --steps must be an integer from 1 to 10000000, got "0"; see --help\n'],
    [["copy", "--resume", "--restart"], "train: --resume and --restart exclude each other; see --help\n"],
    [
      ["copy", "--fast"],
      'train: unknown option "--fast"; known options: --steps, --seed, --out, --threads, --resume, --restart, --json, --help; see --help\n',
    ],
    [["copy", "--seed"], "train: --seed needs a value; write --seed=VALUE if the value starts with a dash; see --help\n"],
  ])("rejects %j with one sentence and exit code 2", async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  it("reports that --out is a file", async () => {
    await writeFile(join(folder, "file"), "");
    const { code, stderr } = await run(short("file"));
    expect([code, stderr]).toEqual([1, `train: cannot create the --out folder ${join(folder, "file")} (EEXIST)\n`]);
  });
});
