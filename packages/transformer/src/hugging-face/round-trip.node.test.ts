import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { Random, scope, UnknownNameError, ValueError } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { loadModel, modelConfig, modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { families } from "../families/registry.js";
import { randomSizes } from "../testing/random-sizes.js";

/** A Python with internal/fixtures/generate/requirements.txt, whose transformers reads the saved folders. */
const python = process.env["TFBLOCKS_PYTHON"];
const reader = fileURLToPath(new URL("../../../../internal/fixtures/generate/read_saved.py", import.meta.url));
const count = python === undefined ? 300 : 2000;
const [ids, decoderIds] = [[[1, 4, 2, 0, 3, 3, 1, 2, 4, 1, 0, 2]], [[0, 3, 1]]];

/** A model of random sizes; undefined where its builder or its config refuses them by a ValueError. */
function built(seed: number): Pretrained | undefined {
  const { family, sizes } = randomSizes(seed);
  try {
    modelConfig(family, sizes as never);
    return { family, sizes, model: families[family]({ ...sizes, random: new Random(seed) } as never) } as Pretrained;
  } catch (error) {
    if (error instanceof ValueError && !(error instanceof UnknownNameError)) return undefined;
    throw new Error(`${seed}: ${family} ${JSON.stringify(sizes)}`, { cause: error });
  }
}

function outputOf(model: LanguageModel | EncoderDecoder): Tensor {
  const given = use(tensor2d(ids, undefined, "int32"));
  if (model instanceof EncoderDecoder) {
    const target = use(tensor2d(decoderIds, undefined, "int32"));
    return scope(() => model.apply(given, target).logits);
  }
  return scope(() => (model.head === undefined ? model.hidden(given).output : model.apply(given).logits));
}

/** Whether a model that is saved and loaded computes the same; writes the files and the output when a folder is given. */
async function checkSaved(saved: Pretrained, folder: string | undefined): Promise<void> {
  const files = modelFiles(saved);
  const output = use(outputOf(saved.model));
  const weights = await openSafetensors(files["model.safetensors"]);
  const again = await loadModel({ config: JSON.parse(files["config.json"]), weights });
  await weights.close();
  expect([...use(outputOf(again.model)).dataSync()]).toEqual([...output.dataSync()]);
  again.model.dispose();
  if (folder === undefined) return;
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "outputs.json"), JSON.stringify({ ids, decoderIds, output: await output.array() }));
}

describe(`models of ${count} random sizes of all builders`, () => {
  beforeAll(() => useBackend("cpu"));

  it("compute the same when saved and loaded, in transformers too, or are refused", { timeout: 1_200_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "tfblocks-saved-"));
    let saved = 0;
    try {
      for (let seed = 0; seed < count; seed++) {
        const pretrained = built(seed);
        if (pretrained === undefined) continue;
        saved++;
        await checkSaved(pretrained, python === undefined ? undefined : join(folder, `${String(seed)} ${pretrained.family}`));
        pretrained.model.dispose();
      }
      expect(saved).toBeGreaterThan(count / 3);
      if (python === undefined) return;
      const { status, stdout, stderr } = spawnSync(python, [reader, folder], { encoding: "utf8" });
      expect(status, `${stdout}${stderr}`).toBe(0);
      process.stdout.write(`${count} random sizes: ${count - saved} refused, ${stdout}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
