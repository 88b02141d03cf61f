import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { HeadPlace } from "../models/model-info.js";
import { readCell } from "./read-cell.js";
import { readHead } from "./read-head.js";
import { readScores } from "./read-scores.js";
import { Run } from "./run.js";
import { inputOf, tinyFamilies, type TinyFamily, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b d e";

describe.each(tinyFamilies)("the scores of a random %s", (family) => {
  test("are those of every row, and become the weights", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, text));
    const before = memory().numTensors;
    for (const { kind, heads } of opened.info.stacks) {
      const place: HeadPlace = { kind, layer: 1, head: heads - 1 };
      const { map, stages } = await readHead(run, place);
      for (const stage of ["raw", "scaled", "masked"] as const) {
        const scores = await readScores(run, place, stage);
        for (let query = 0; query < map.rows; query++) {
          const row = scores.map.values.subarray(query * map.columns, (query + 1) * map.columns);
          const cell = await readCell(run, place, query, 0);
          expect(Array.from(row)).toEqual(Array.from(cell[stage], (score) => expect.closeTo(score, 5)));
        }
        expect(scores.map.allowed).toEqual(stage === "masked" ? map.allowed : new Uint8Array(map.values.length).fill(1));
      }
      expect(stages[0]).toBe("raw");
    }
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });
});

const stagesOf = async (family: TinyFamily, kind: HeadPlace["kind"], input = text) => {
  const run = new Run(tinyModel(family), inputOf(family, input));
  const { stages } = await readHead(run, { kind, layer: 0, head: 0 });
  run.dispose();
  return stages;
};

test("a head has the stages that its model computes", async () => {
  expect(await stagesOf("gpt2", "self")).toEqual(["raw", "scaled", "masked"]);
  expect(await stagesOf("bert", "self")).toEqual(["raw", "scaled"]);
  expect(await stagesOf("gemma2", "self")).toEqual(["raw", "scaled", "capped", "masked"]);
  expect(await stagesOf("sinks", "self")).toEqual(["raw", "scaled", "masked"]);
  expect(await stagesOf("t5", "encoder")).toEqual(["raw", "biased"]);
  expect(await stagesOf("t5", "decoder")).toEqual(["raw", "biased", "masked"]);
  expect(await stagesOf("t5", "cross")).toEqual(["raw"]);
  expect(await stagesOf("gpt2", "self", "a")).toEqual(["raw", "scaled"]);
});
