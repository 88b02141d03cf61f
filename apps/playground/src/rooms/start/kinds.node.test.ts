import { readFile } from "node:fs/promises";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { loadTrained } from "../../models/load-trained.js";
import type { HeadPlace } from "../../models/model-info.js";
import { readHead } from "../../reading/read-head.js";
import type { HeadReading } from "../../reading/readings.js";
import { Run } from "../../reading/run.js";
import { kindNames, kindOf, kinds } from "./kinds.js";

beforeAll(async () => {
  await useBackend(fusedBackendNames[0]!);
  const folder = new URL("../../../public/models/", import.meta.url);
  vi.stubGlobal("fetch", async (url: URL) => new Response(await readFile(new URL(url.pathname.slice(1), folder))));
});

/** The map of a kind, of the head that it starts with or another one. */
async function mapOf({ start }: (typeof kinds)[keyof typeof kinds], head: HeadPlace = start.head as HeadPlace): Promise<HeadReading> {
  const opened = await loadTrained(start.model, "https://localhost/", new AbortController().signal);
  use(opened.model);
  const run = new Run(opened, start);
  const reading = await readHead(run, head);
  run.dispose();
  return reading;
}

/** The weights of a row. */
function rowOf({ map, rowTokens }: HeadReading, row: number): readonly number[] {
  const at = row < 0 ? rowTokens.length + row : row;
  return [...map.values.subarray(at * map.columns, (at + 1) * map.columns)];
}

/** The token with the largest weight of a row. */
function lookedAt(reading: HeadReading, row: number): string | undefined {
  const weights = rowOf(reading, row);
  return reading.columnTokens[weights.indexOf(Math.max(...weights))];
}

const self = (layer: number, head: number): HeadPlace => ({ kind: "self", layer, head });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test("every kind is recognised by what it shows, with another head too", () => {
  for (const name of kindNames) expect(kindOf(kinds[name].start)).toBe(name);
  expect(kindOf({ ...kinds.several.start, head: self(0, 1) })).toBe("several");
});

test("causal: the last row looks at the subject", async () => {
  expect(lookedAt(await mapOf(kinds.causal), -1)).toBe("boys");
});

test("several heads: the last row looks at other words in other heads", async () => {
  const places = [self(1, 2), self(2, 2), self(2, 3)];
  const readings = await Promise.all(places.map((place) => mapOf(kinds.several, place)));
  expect(readings.map((reading) => lookedAt(reading, -1))).toEqual(["that", "king", "dogs"]);
  for (const reading of readings) expect(Math.max(...rowOf(reading, -1))).toBeGreaterThan(0.75);
});

test("both directions: the rows of the first six letters look mostly at what stands after them", async () => {
  const reading = await mapOf(kinds.both);
  for (let row = 0; row < 6; row++) expect(sum(rowOf(reading, row).slice(row + 1))).toBeGreaterThan(0.5);
});

test("cross: each row looks at the letter that it is about to write, and the last one at the end", async () => {
  const reading = await mapOf(kinds.cross);
  const { answer } = kinds.cross.start;
  expect(reading.rowTokens.map((_, row) => lookedAt(reading, row))).toEqual([...Array.from(answer), "="]);
});

test("padding: “old” gives itself much of its weight, and the other tokens get it where “old” is padding", async () => {
  const [causal, padded] = [rowOf(await mapOf(kinds.causal), 4), rowOf(await mapOf(kinds.padding), 4)];
  expect(causal[4]).toBeGreaterThan(0.4);
  expect(padded[4]).toBe(0);
  expect(sum(padded.slice(0, 4))).toBeCloseTo(1, 5);
});
