import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { setupWasm } from "@tfblocks/wasm";
import { copy, grammar, type GrammarExperiment, induction, type InductionExperiment, type Recipe } from "@tfblocks/zoo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainedFolder } from "../model/trained-folder.js";
import { saveModel, type TrainingLog } from "../train/save-model.js";
import { analyze } from "./analyze.js";

let folder: string;

/** Saves untrained models. */
beforeAll(async () => {
  await setupWasm({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "tfblocks-recipe-"));
  for (const recipe of [copy, grammar]) {
    const model = recipe.build(new Random(1));
    await mkdir(join(folder, recipe.name));
    await saveModel(join(folder, recipe.name), recipe as Recipe, model, {} as TrainingLog);
    model.dispose();
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], stop = new AbortController(), stopAt?: string) {
  const written = { stdout: "", stderr: "" };
  const output = (stream: keyof typeof written) => ({
    write(text: string) {
      written[stream] += text;
      if (stopAt !== undefined && text.startsWith(stopAt)) stop.abort();
    },
  });
  const context = { stdout: output("stdout"), stderr: output("stderr"), signal: stop.signal };
  const code = await analyze([...args, "--threads", "1"], context);
  return { code, ...written };
}

describe("npm run analyze --recipe", () => {
  it("prints tables about the trained model of the recipe, and frees everything", async () => {
    const before = memory().numTensors;
    const { code, stdout, stderr } = await run(["--recipe", "induction"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "trained weights …\nuntrained weights …\n" });
    expect(stdout.split("\n")[0]).toBe(`Induction heads: ${trainedFolder("induction")}`);
    expect(stdout).toMatch(/^ {2}L0·H0 +0\.4\d\d +0\.091 +0\.0\d\d +0\.038 {2}previous token$/m);
    expect(stdout).toMatch(/^ {2}induction heads +L1·H0 L1·H1 L1·H2 L1·H3 +-0\.\d+/m);
    expect(memory().numTensors).toBe(before);
  });

  it("prints the same numbers as JSON", async () => {
    const { code, stdout } = await run(["--recipe", "induction", "--json"]);
    const { recipe, trained, untrained } = JSON.parse(stdout) as InductionExperiment & { recipe: string };
    expect({ code, recipe, seeds: untrained.map(({ seed }) => seed) }).toEqual({ code: 0, recipe: "induction", seeds: [0, 1, 2] });
    expect(trained).toMatchObject({ period: 18, sequences: 16, advantage: expect.closeTo(4.2, 1) });
  });

  it("measures the model of --model: an untrained one makes wrong choices", async () => {
    const { stdout, stderr } = await run(["--recipe", "grammar", "--model", join(folder, "grammar"), "--json"]);
    expect(stderr).toBe("agreement without heads …\nbracket without heads …\nreflexive without heads …\n");
    const { sentences, relations } = JSON.parse(stdout) as GrammarExperiment;
    expect(sentences).toBe(200);
    for (const { score } of relations) expect(score).toBeLessThan(0.8);
  });

  it("stops on Ctrl-C", async () => {
    const before = memory().numTensors;
    const { code, stdout, stderr } = await run(["--recipe", "induction"], new AbortController(), "untrained");
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: "", stderr: "trained weights …\nuntrained weights …\n" });
    expect(memory().numTensors).toBe(before);
  });
});

describe("what npm run analyze --recipe refuses", () => {
  it("is a recipe without an experiment, and an unknown one", async () => {
    expect(await run(["--recipe", "copy"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "analyze: the recipe copy has no experiment; recipes with one: induction, grammar; see --help\n",
    });
    const { code, stderr } = await run(["--recipe", "inductoin"]);
    expect(code).toBe(2);
    expect(stderr).toBe('analyze: unknown recipe "inductoin"; known recipes: copy, reverse, induction, addition, grammar; see --help\n');
  });

  it.each([["--text", "abc"], ["--against", "abc"], ["--answer", ""], ["--out", "report.html"], ["--ablate"]])(
    "is %s beside it",
    async (...option) => {
      const { code, stderr } = await run(["--recipe", "induction", ...option]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: `analyze: --recipe and ${option[0]} exclude each other; see --help\n` });
    },
  );

  it("is a model of another kind", async () => {
    const refused = async (name: string) =>
      (await run(["--recipe", "induction", "--model", join(folder, name)])).stderr.replace(folder, "FOLDER");
    const needed = `analyze: --recipe ${induction.name} needs a language model with the recipe's 64 tokens`;
    expect(await refused("copy")).toBe(`${needed}, got an encoder-decoder in FOLDER/copy\n`);
    expect(await refused("grammar")).toBe(`${needed}, got one with 73 tokens in FOLDER/grammar\n`);
  });
});
