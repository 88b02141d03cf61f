import { causal } from "@tfblocks/masks";
import { describe, expect, it } from "vitest";
import * as analysis from "../index.js";

// Inputs that the compiler refuses, as JavaScript may pass them.
const wrong = (value: unknown): never => value as never;

const maps = analysis.attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: causal() });
const uniform = analysis.attentionMaps(new Float32Array(25).fill(0.2), [1, 1, 5, 5], { mask: null });
const scores = { windowMass: analysis.windowMass(uniform, { distance: 1 }), normalizedEntropy: analysis.normalizedEntropy(uniform) };
const make = (weights: unknown, shape: unknown, options: unknown) => () =>
  analysis.attentionMaps(wrong(weights), wrong(shape), wrong(options));

describe("maps of wrong arrays", () => {
  it.each<[string, () => unknown, string]>([
    [
      "null",
      make(null, [1, 1, 1, 1], { mask: null }),
      "attentionMaps: weights must be a flat array of numbers, got null; for a tensor, call await readAttention(weights, { mask })",
    ],
    ["a promise", make(Promise.resolve([1]), [1, 1, 1, 1], { mask: null }), "weights must be a flat array of numbers, got an object"],
    [
      "nested arrays",
      make([[[[1]]]], [1, 1, 1, 1], { mask: null }),
      "weights must be a flat array of numbers, got nested arrays; pass weights.flat(3)",
    ],
    ["strings", make(["1"], [1, 1, 1, 1], { mask: null }), 'weights must be finite and not negative, got "1" in batch 0, head 0, row 0'],
    ["no shape", make([1], undefined, { mask: null }), "shape must be [batch, heads, queryLength, keyLength], got undefined"],
    [
      "padding as booleans",
      make([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: causal(), queryKeep: [true, false] }),
      "queryKeep must be a Uint8Array, non-zero = keep, got an array of length 2; pass Uint8Array.from(flags)",
    ],
    [
      "opposite weights outside the mask of a sink",
      make([0.2, 0.5, -0.5, 0.2, 0.2, 0, 0.2, 0.2, 0.2], [1, 1, 3, 3], { mask: causal(), sink: true }),
      "weights must be 0 outside the mask, got a sum of 1 in batch 0, head 0, row 0",
    ],
    [
      "tokens of heads as booleans",
      () => analysis.headCka([1], [1, 1, 1, 1], { queryKeep: wrong([true]) }),
      "headCka: queryKeep must be a Uint8Array",
    ],
  ])("refuses %s", (_name, call, message) => expect(call).toThrow(message));

  it("reads neither a forbidden row nor an empty batch", () => {
    const closed = analysis.attentionMaps([NaN, 5], [1, 1, 1, 2], { mask: Uint8Array.of(0, 0) });
    const none = analysis.attentionMaps([], [0, 2, 3, 3], { mask: causal() });
    const results = [closed, none].flatMap((each) => [
      analysis.entropy(each),
      analysis.previousTokenMass(each),
      analysis.attentionSink(each),
    ]);
    for (const { perHead } of results) for (const { score, lift } of perHead) expect([score, lift]).toEqual([null, null]);
    expect(analysis.entropy(closed).perHead[0]!.skippedRows.noAllowedKey).toBe(1);
  });
});

describe("metrics of wrong options", () => {
  it.each<[string, () => unknown, string]>([
    ["no maps", () => analysis.firstTokenMass(wrong(null)), "firstTokenMass: maps must be attention maps, got null"],
    ["no maps of sinks", () => analysis.attentionSink(wrong(undefined)), "attentionSink: maps must be attention maps, got undefined"],
    [
      "a first key of text",
      () => analysis.firstTokenMass(maps, { firstKey: wrong("0") }),
      'firstKey must be the index of a key, or a function of a sequence\'s index, got "0"',
    ],
    ["rows of nothing", () => analysis.headLayout(wrong([null])), "headLayout: distances must be a list of rows, got null"],
    ["no blocks", () => analysis.mergeScores(wrong(null)), "mergeScores: blocks must be a list of scores, got null"],
    ["maps as a block", () => analysis.mergeScores(wrong([maps])), "mergeScores: blocks[0] must be the result of a metric, got an object"],
    [
      "no tokens of a pattern",
      () => analysis.inductionPattern(wrong(null)),
      "inductionPattern: ids must be a list of token ids for each sequence, got null",
    ],
    [
      "relations of numbers",
      () => analysis.dependencyAccuracy(maps, { heads: [[-1, 0]], relations: wrong([[1, 2]]) }),
      "the relation of word 0 must be a string, got 1",
    ],
    [
      "a misspelt context",
      () => analysis.headScores(maps, wrong({ ids: [[1, 2]], isDelim: () => true })),
      'headScores: unknown option "isDelim"',
    ],
    ["no context", () => analysis.headScores(maps, wrong(undefined)), "headScores: options must be an object, got undefined"],
    [
      "ids of no sequence",
      () => analysis.headScores(maps, wrong({ ids: [1, 2] })),
      "headScores: ids must be a list of token ids for each sequence, got an array of length 2; pass [ids] for one sequence",
    ],
    [
      "too few ids",
      () => analysis.headScores(maps, { ids: [[1]] }),
      "headScores: ids must be lists of length keyLength = 2, got a list of length 1",
    ],
  ])("refuses %s", (_name, call, message) => expect(call).toThrow(message));
});

describe("labels of wrong texts", () => {
  const ids = [[1, 2, 3, 4, 5]];

  it.each<[string, object, string]>([
    ["no ids", {}, "labelHeads: ids must be a list of token ids for each sequence, got undefined"],
    [
      "too few ids",
      { ids: [[1, 2]] },
      "ids must be lists of length [5], one id for each row of scores.windowMass, got lists of length [2]",
    ],
    ["texts of another sequence", { ids, tokens: [["a"]] }, "tokens must be lists of length [5], as ids, got lists of length [1]"],
    ["a negative number of rows", { ids, evidenceRows: -1 }, "evidenceRows must be an integer >= 0, got -1"],
    ["a delimiter that is no function", { ids, isDelimiter: 3 }, "isDelimiter must be a function of a token's index, got 3"],
  ])("refuses %s", (_name, options, message) => expect(() => analysis.labelHeads(scores, wrong(options))).toThrow(message));

  it("names no key outside the text", () => {
    const near = new Float32Array(25);
    for (let query = 0; query < 5; query++) near[query * 5 + Math.max(0, query - 1)] = 1;
    const window = analysis.windowMass(analysis.attentionMaps(near, [1, 1, 5, 5], { mask: null }));
    const { perHead } = analysis.labelHeads({ windowMass: window }, { ids, evidenceRows: 5 });
    const keys = perHead[0]!.labels[0]!.evidence.flatMap((row) => row.keys.map(({ key, token }) => [key, token]));
    expect(keys.length).toBeGreaterThan(0);
    for (const [key, token] of keys) expect([token, Number(key) < 5]).toEqual([String(ids[0]![Number(key)]), true]);
  });
});
