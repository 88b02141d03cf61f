import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, type BackendName, countsMemory, use, useBackend } from "@tfblocks/testkit";
import { bert, gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { analyzeText } from "../models.js";
import { type Report, toHtml } from "../pictures.js";

const sizes = { vocabSize: 13, maxLength: 40, dModel: 12, numHeads: 3, numLayers: 2 };
const ids = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5];
const tokensOf = (list: readonly number[]): string[] => list.map((id) => "abcdefghijklm"[id]!);
const text = { ids, tokens: tokensOf(ids) };
const other = { ids: ids.map((id) => (id === 3 ? 6 : id)), tokens: tokensOf(ids) };

/** The numbers of a report, in one order. */
function numbersOf({ layers, ...sections }: Report): number[] {
  const numbers: number[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "number") numbers.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(layers.map(({ heads }) => heads.map(({ metrics, labels }) => ({ metrics, labels: labels.map(({ score }) => score) }))));
  visit({ ...sections, notes: [], tokens: [] });
  return numbers;
}

async function reportOn(backend: BackendName): Promise<Report> {
  await useBackend(backend);
  const model = use(gpt2({ ...sizes, random: new Random(5) }));
  const before = memory().numTensors;
  const report = await analyzeText(model, { text }, { against: other, ablate: true });
  expect(memory().numTensors).toBe(before);
  return report;
}

let expected: readonly number[];

// Emulated graphics take a minute for what their backends show in smaller tests.
describe.each(backendNames.filter(countsMemory))("analyzeText on %s", (backend) => {
  beforeAll(async () => {
    expected ??= numbersOf(await reportOn("cpu"));
  });

  it("gives the numbers of cpu, and a page", async () => {
    const report = await reportOn(backend);
    const numbers = numbersOf(report);
    expect(numbers).toHaveLength(expected.length);
    for (const [index, value] of numbers.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(2e-4);
    expect(toHtml(report)).toContain("L1·H2");
    expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  });
});

describe("analyzeText", () => {
  beforeAll(() => useBackend("cpu"));

  it("leaves out what a model does not have", async () => {
    const model = use(bert({ ...sizes, maskedLanguageHead: false }));
    const report = await analyzeText(model, { text });
    expect(Object.keys(report).toSorted()).toEqual(["layers", "notes", "title", "tokens", "version"]);
    expect(report.layers[0]!.heads).toHaveLength(3);
  });

  it("reports each stage, and stops where the callback throws, without a leak", async () => {
    const model = use(gpt2(sizes));
    const stages: string[] = [];
    await analyzeText(model, { text }, { ablate: true, onProgress: (stage, done, total) => void stages.push(`${stage} ${done}/${total}`) });
    expect(stages.slice(0, 5)).toEqual(["heads 1/2", "heads 2/2", "predictions 1/1", "attribution 1/1", "ablation 1/6"]);
    const before = memory().numTensors;
    const stop = (stage: string): void => {
      if (stage === "ablation") throw new Error("stopped");
    };
    await expect(analyzeText(model, { text }, { ablate: true, onProgress: stop })).rejects.toThrow("stopped");
    expect(memory().numTensors).toBe(before);
  });

  it("refuses texts that do not fit the model or their tokens", async () => {
    const model = use(gpt2(sizes));
    await expect(analyzeText(model, { text: { ids: [], tokens: [] } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: analyzeText: text must be at least one token, got none]`,
    );
    await expect(analyzeText(model, { text: { ids: [1, 2], tokens: ["a"] } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: analyzeText: text.tokens must be as many as ids, 2, got 1]`,
    );
    await expect(analyzeText(model, { text, source: text })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: analyzeText: source must be left out, as the model has no encoder, got an object]`,
    );
    await expect(analyzeText(model, { text: { ids: [99], tokens: ["z"] } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: analyzeText: text.ids must be an integer from 0 to 12, got 99]`,
    );
    await expect(analyzeText(model, { text }, { depth: 3 } as never)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: analyzeText: unknown option "depth"; known options: title, modelName, written, textOf, isDelimiter, against, ablate, onProgress]`,
    );
  });
});
