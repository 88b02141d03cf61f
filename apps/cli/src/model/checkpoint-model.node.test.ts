import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { AdamW, loadCheckpoint, safetensorsFormat } from "@tfblocks/training";
import { copy, type Recipe } from "@tfblocks/zoo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModel, type TrainingLog } from "../train/save-model.js";
import { train } from "../train/train.js";
import { generate } from "../generate/generate.js";

let folder: string;

/** Interrupts a training. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tfblocks-checkpoint-"));
  const stop = new AbortController();
  const stderr = { write: (text: string) => void (text.includes("step 5/6") && stop.abort()) };
  const args = ["copy", "--steps", "6", "--threads", "1", "--out", join(folder, "stopped")];
  await train(args, { stdout: { write() {} }, stderr, signal: stop.signal });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The text that the command prints, or its error. */
async function sample(...path: string[]): Promise<string> {
  let printed = "";
  const write = (text: string) => void (printed += text);
  const args = ["--model", join(folder, ...path), "--prompt", "abc=", "--max-new-tokens", "8", "--temperature", "1", "--threads", "1"];
  const before = memory().numTensors;
  const context = { signal: new AbortController().signal };
  const code = await generate(args, {
    ...context,
    stdout: { write },
    stderr: { write: (text) => void (text.startsWith("generate:") && write(text)) },
  });
  expect(memory().numTensors).toBe(before);
  return `${code} ${printed.replaceAll(folder, "FOLDER")}`;
}

/** Saves the model of the checkpoint as a Hugging Face folder, by way of an optimizer. */
async function saveFinished(): Promise<void> {
  const checkpoint = await safetensorsFormat.read(await readFile(join(folder, "stopped", "checkpoint.safetensors")));
  const [model, optimizer] = [copy.build(new Random(9)), new AdamW()];
  loadCheckpoint({ model, optimizer }, checkpoint);
  await saveModel(join(folder, "finished"), copy as Recipe, model, {} as TrainingLog);
  dispose(checkpoint.state);
  for (const each of [model, optimizer]) each.dispose();
}

describe("npm run generate with the checkpoint of a training", () => {
  it("writes what the saved model writes, from the folder or the file", async () => {
    expect(await readdir(join(folder, "stopped"))).toEqual(["checkpoint.safetensors"]);
    await mkdir(join(folder, "finished"));
    await saveFinished();
    const text = await sample("finished");
    expect(text).toMatch(/^0 ./);
    expect(await sample("stopped")).toBe(text);
    expect(await sample("stopped", "checkpoint.safetensors")).toBe(text);
  });

  it("says so when another program saved the checkpoint", async () => {
    const { state, metadata } = await safetensorsFormat.read(await readFile(join(folder, "stopped", "checkpoint.safetensors")));
    const { "tfblocks.run": _run, ...others } = metadata;
    await writeFile(join(folder, "other.safetensors"), await safetensorsFormat.write({ state, metadata: others }));
    dispose(state);
    expect(await sample("other.safetensors")).toBe(
      "1 generate: --model must be a checkpoint of npm run train, or a Hugging Face folder; FOLDER/other.safetensors is a checkpoint of another program\n",
    );
  });
});
