import { expect, test } from "vitest";
import { labelEvents } from "./label-events.js";
import type { RunAbout, StepRecord } from "./run-record.js";

const attentions = [{ name: "layers.0.attention", kind: "self", layer: 0, heads: 2 }] as unknown as RunAbout["attentions"];

/** A record in which the two heads have these labels. */
function recordOf(step: number, ...labels: readonly (readonly string[])[]): StepRecord {
  const heads = labels.map((own, head) => ({ head, metrics: [], labels: own.map((label) => ({ label })) }));
  return { step, attentions: [{ weights: new Float32Array(), heads }] } as unknown as StepRecord;
}

const induction = { place: { kind: "self", layer: 0, head: 1 }, label: "induction" };

test("a label counts from the first of two records in a row, unless the head had it before the training", () => {
  const records = [
    recordOf(0, ["broad"], []),
    recordOf(10, [], ["induction"]),
    recordOf(20, ["broad"], []),
    recordOf(30, ["broad"], ["induction"]),
    recordOf(40, ["broad"], ["induction"]),
  ];
  expect(labelEvents({ attentions }, records)).toEqual([{ ...induction, step: 30, lostAt: undefined }]);
  expect(labelEvents({ attentions }, records.slice(0, 4))).toEqual([]); // not yet
});

test("a label of one record is no event", () => {
  const spike = [
    recordOf(0, [], []),
    recordOf(10, ["first token"], ["first token"]),
    recordOf(20, [], []),
    recordOf(30, ["first token"], []),
  ];
  expect(labelEvents({ attentions }, spike)).toEqual([]);
  expect(labelEvents({ attentions }, [])).toEqual([]);
});

test("a label that a head loses for good says when", () => {
  const records = [recordOf(0, [], []), recordOf(10, ["first token"], []), recordOf(20, ["first token"], []), recordOf(30, [], [])];
  expect(labelEvents({ attentions }, records)).toMatchObject([{ step: 10, label: "first token", lostAt: 30 }]);
});
