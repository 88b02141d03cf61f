import { attentionMaps, headDiversity, normalizedEntropy, previousTokenMass } from "@tfblocks/analysis";
import { causal } from "@tfblocks/masks";
import { expect, it } from "vitest";
import readme from "../README.md?raw";
import source from "./readme.test.ts?raw";

it("gives the numbers of the README", () => {
  const weights = [
    [1, 0, 0], // head 0 attends to the previous token
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 0], // head 1 attends to several tokens
    [0.5, 0.5, 0],
    [0.25, 0.25, 0.5],
  ].flat();
  const maps = attentionMaps(weights, [1, 2, 3, 3], { mask: causal() });

  const previous = previousTokenMass(maps).perHead; // scores 1 and 0.375; uniform attention has 0.417, so lifts 1 and -0.071
  const entropies = normalizedEntropy(maps).perHead; // scores 0 (one key) and 0.973 (nearly uniform)
  const diversity = headDiversity(maps); // score 0.430, from 0 (all heads alike) to 1 (no key in common)

  expect(previous.map(({ score }) => score)).toEqual([1, 0.375]);
  expect(previous.map(({ nullScore, lift }) => [nullScore!.toFixed(3), lift!.toFixed(3)])).toEqual([
    ["0.417", "1.000"],
    ["0.417", "-0.071"],
  ]);
  expect(entropies.map(({ score }) => score!.toFixed(3))).toEqual(["0.000", "0.973"]);
  expect(diversity.score!.toFixed(3)).toBe("0.430");
});

it("is the code of the README", () => {
  const body = readme.match(/```ts\n[^]*?\n\n([^]*?)```/)![1]!;
  const unindented = (text: string) => text.replace(/^ +/gm, "");
  expect(unindented(source)).toContain(unindented(body));
});
