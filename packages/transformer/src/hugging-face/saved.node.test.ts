import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { modelFixtureNames } from "@tfblocks/fixtures/models";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { loadModel, modelFiles } from "../hugging-face.js";
import { saveFolder } from "./node.js";
import { goldenModel } from "../testing/golden-model.js";

/** A Python with internal/fixtures/generate/requirements.txt, whose transformers reads the saved folders. */
const python = process.env["TFBLOCKS_PYTHON"];
const loader = fileURLToPath(new URL("../../../../internal/fixtures/generate/load_saved.py", import.meta.url));

describe.each(modelFixtureNames)("%s, saved as a Hugging Face folder", (name) => {
  beforeAll(() => useBackend("cpu"));

  it("survives a round trip bit for bit, with the same sizes", async () => {
    const { loaded } = use(await goldenModel(name));
    const files = modelFiles(loaded);
    const weights = await openSafetensors(files["model.safetensors"]);
    const again = use(await loadModel({ config: JSON.parse(files["config.json"]), weights }));
    expect(JSON.stringify(again.sizes)).toBe(JSON.stringify(loaded.sizes));
    const [before, after] = [use(loaded.model.stateDict()), use(again.model.stateDict())];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [parameter, value] of Object.entries(after)) await expectClose(value, before[parameter]!, { atol: 0, rtol: 0 });
  });

  it.skipIf(python === undefined)("gives the same logits in transformers", { timeout: 120_000 }, async () => {
    const { fixture, loaded } = await goldenModel(name);
    const folder = mkdtempSync(join(tmpdir(), "tfblocks-saved-"));
    try {
      await saveFolder(folder, { ...loaded, config: fixture.config }); // keeps fields of transformers' own config
      const { status, stdout, stderr } = spawnSync(python!, [loader, folder, "--fixture", name], { encoding: "utf8" });
      expect(status, `${stdout}${stderr}`).toBe(0);
    } finally {
      loaded.model.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
