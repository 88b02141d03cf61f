import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import {
  attentionDistance,
  attentionMaps,
  entropy,
  firstTokenMass,
  headDiversity,
  nextTokenMass,
  normalizedEntropy,
  offsetArgmaxRate,
  offsetMass,
  offsetSpectrum,
  previousTokenMass,
  selfMass,
  tokenMass,
} from "../index.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };

const sequence = attentionMaps([0.5, 0.5, 0, 0.2, 0.2, 0.6, 0, 0.5, 0.5], [1, 1, 3, 3], { mask: null });

describe("metrics of positions", () => {
  it("divide a row among the keys that tie for the maximum", () => {
    expect(offsetArgmaxRate(sequence, { offset: 0 }).perHead[0]!.values).toEqual([0.5, 0, 0.5]);
    expect(offsetArgmaxRate(sequence, { offset: 1 }).perHead[0]!.values).toEqual([0.5, 1, null]);
  });

  it("give a perfect previous-token head a score and a lift of 1", () => {
    const perfect = attentionMaps([1, 0, 0, 1, 0, 0, 0, 1, 0], [1, 1, 3, 3], { mask: causal });
    expect(previousTokenMass(perfect).perHead[0]).toMatchObject({ score: 1, lift: 1, rowsUsed: 2 });
    expect(offsetArgmaxRate(perfect, { offset: -1 }).perHead[0]).toMatchObject({ score: 1, lift: 1 });
  });

  it("score the next token where the mask allows it", () => {
    expect(nextTokenMass(sequence).perHead[0]).toMatchObject({ rowsUsed: 2, skippedRows: { noTarget: 1 }, values: [0.5, 0.6, null] });
  });
});

describe("metrics of tokens", () => {
  it("sum the attention to a class of keys from a class of queries", () => {
    const separators = (token: number) => token !== 1;
    const { values, nullValues } = tokenMass(sequence, { keys: separators, queries: separators }).perHead[0]!;
    expect(values).toEqual([0.5, null, 0.5]);
    expect(nullValues).toEqual([2 / 3, null, 2 / 3]);
  });

  it("pass the index of the sequence to predicates", () => {
    const rows = [0.1, 0.9, 0.4, 0.6];
    const maps = attentionMaps([...rows, ...rows], [2, 1, 2, 2], { mask: null });
    const diagonal = (token: number, batch: number) => token === batch;
    expect(tokenMass(maps, { keys: diagonal }).perHead[0]!.values).toEqual([0.1, 0.4, 0.9, 0.6]);
    expect(tokenMass(maps, { keys: () => true, queries: diagonal }).perHead[0]!.values).toEqual([1, null, null, 1]);
    expect(firstTokenMass(maps, { firstKey: (batch) => batch }).perHead[0]!.values).toEqual([0.1, 0.4, 0.9, 0.6]);
  });

  it("find the first token after padding on the left, and skip rows that may not attend to it", () => {
    const window = { at: (_batch: number, _head: number, query: number, key: number) => key <= query && query - key <= 1 };
    const maps = attentionMaps([1, 0, 0, 0.7, 0.3, 0, 0, 0.4, 0.6], [1, 1, 3, 3], { mask: window });
    expect(firstTokenMass(maps).perHead[0]).toMatchObject({ score: 0.7, rowsUsed: 1, skippedRows: { noTarget: 1 } });
    expect(firstTokenMass(maps, { firstKey: () => 1 }).perHead[0]!.values).toEqual([null, 0.3, 0.4]);
  });
});

describe("metrics of positions and tokens", () => {
  it("reject options outside their range", () => {
    expect(() => entropy(sequence, { minKeys: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: entropy: minKeys must be an integer >= 1, got 0]`,
    );
    expect(() => offsetMass(sequence, { offset: 0.5 })).toThrow(ValueError);
    expect(() => firstTokenMass(sequence, { firstKey: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: firstTokenMass: firstKey must be an integer from 0 to 2, got 3]`,
    );
    expect(() => tokenMass(sequence, { keys: [0, 2] } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: tokenMass: keys must be a function of a token's index, got an array of length 2]`,
    );
  });

  it("reject unknown options", () => {
    const unknown = { minKey: 1, keys: () => true, offset: 0 } as never;
    const onlyRows = [
      entropy,
      normalizedEntropy,
      attentionDistance,
      headDiversity,
      offsetSpectrum,
      previousTokenMass,
      selfMass,
      nextTokenMass,
    ];
    for (const metric of onlyRows) {
      const message = `${metric.name}: unknown option "minKey"; known options: minKeys`;
      expect(() => metric(sequence, { minKey: 1 } as never)).toThrow(message);
    }
    expect(() => tokenMass(sequence, unknown)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: tokenMass: unknown options "minKey", "offset"; known options: minKeys, keys, queries; did you mean "minKeys" by "minKey"?]`,
    );
    for (const metric of [firstTokenMass, offsetMass, offsetArgmaxRate]) expect(() => metric(sequence, unknown)).toThrow(/unknown option/);
  });
});
