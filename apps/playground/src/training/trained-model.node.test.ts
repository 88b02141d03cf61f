import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { recipes, trainRecipe, type ZooModel } from "@tfblocks/zoo";
import { beforeAll, expect, test } from "vitest";
import { planOf } from "./plan-of.js";
import { type RunSource, textDefaults, tokenKinds } from "./run-settings.js";
import { filesOf } from "./trained-model.js";

/** A Python with internal/fixtures/generate/requirements.txt, whose transformers reads the saved folders. */
const python = process.env["TFBLOCKS_PYTHON"];
const reader = fileURLToPath(new URL("../../../../internal/fixtures/generate/read_saved.py", import.meta.url));
const training = { steps: 3, batchSize: 4, learningRate: 3e-3, seed: 0 };
const text = "The cat sat on the mat, and the dog sat on the log. ".repeat(30);
const going = { step: () => Promise.resolve(true) };

/** Everything that can be trained in the page. */
const sources: Readonly<Record<string, RunSource>> = {
  ...Object.fromEntries(recipes.map(({ name }) => [name, { kind: "recipe", recipe: name } as const])),
  ...Object.fromEntries(
    tokenKinds.map((tokens) => [`text of ${tokens}`, { kind: "text", text, sizes: { ...textDefaults, tokens, context: 16 } } as const]),
  ),
};

function outputOf(model: ZooModel, ids: number[][]): Tensor {
  const given = tensor2d(ids, undefined, "int32");
  try {
    return scope(() => (model instanceof EncoderDecoder ? model.apply(given, given) : model.apply(given)).logits);
  } finally {
    given.dispose();
  }
}

beforeAll(() => useBackend("wasm"));

test.skipIf(python === undefined)(
  "transformers reads the folder of every training, with the same outputs",
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "tfblocks-trained-"));
    try {
      for (const [name, source] of Object.entries(sources)) {
        const plan = (await planOf({ source, ...training }, going))!;
        const model = await trainRecipe(plan, { steps: training.steps, seed: training.seed });
        const ids = [plan.tokenizer.encode(plan.prompt)];
        const output = outputOf(model, ids);
        const files = {
          ...filesOf({ plan, model }),
          "outputs.json": JSON.stringify({ ids, decoderIds: ids, output: await output.array() }),
        };
        output.dispose();
        model.dispose();
        mkdirSync(join(folder, name));
        for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, name, file), content);
      }
      const { status, stdout, stderr } = spawnSync(python!, [reader, folder], { encoding: "utf8" });
      expect(status, `${stdout}${stderr}`).toBe(0);
      expect(stdout).toMatch(new RegExp(`^${Object.keys(sources).length} folders read`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
