import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { headCka, type HeadOutputShape, linearCka } from "../index.js";

const [batch, heads, length, headDim] = [2, 3, 4, 2];
const shape: HeadOutputShape = [batch, heads, length, headDim];
const outputs = Float32Array.from({ length: batch * heads * length * headDim }, (_, index) => Math.sin(index * index + 1));

/** The tokens of a head over the batch. */
function rowsOf(head: number, keep: (sequence: number, position: number) => boolean = () => true): number[][] {
  const rows: number[][] = [];
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let position = 0; position < length; position++) {
      const start = ((sequence * heads + head) * length + position) * headDim;
      if (keep(sequence, position)) rows.push([...outputs.subarray(start, start + headDim)]);
    }
  }
  return rows;
}

describe("headCka", () => {
  it.each([false, true])("is linearCka of every two heads, debiased %s", (debiased) => {
    const { scores, rowsUsed } = headCka(outputs, shape, { debiased });
    for (let head = 0; head < heads; head++) {
      for (let other = 0; other < heads; other++) {
        expect(scores[head]![other]).toBeCloseTo(linearCka(rowsOf(head), rowsOf(other), { debiased })!, 12);
        expect(scores[head]![other]).toBe(scores[other]![head]);
      }
    }
    expect(rowsUsed).toBe(batch * length);
  });

  it("leaves out padding, which may hold anything", () => {
    const queryKeep = Uint8Array.of(1, 1, 1, 1, 1, 1, 0, 0);
    const padded = outputs.map((value, index) => (queryKeep[Math.floor(index / 24) * 4 + (Math.floor(index / 2) % 4)] === 0 ? NaN : value));
    const { scores, rowsUsed } = headCka(padded, shape, { queryKeep });
    const keep = (sequence: number, position: number) => queryKeep[sequence * length + position] === 1;
    expect(scores[0]![2]).toBeCloseTo(linearCka(rowsOf(0, keep), rowsOf(2, keep))!, 12);
    expect(rowsUsed).toBe(6);
    expect(headCka(outputs, shape, { queryKeep: Uint8Array.of(1, 1, 1, 0) }).rowsUsed).toBe(6);
  });

  it.each(reference.cka.slice(1, 3))("has the mean over permutations of tokens as null score, case %#", ({ x, y, ...expected }) => {
    const [tokens, columns] = [x.length, x[0]!.length];
    const flat = [...x.flat(), ...y.flat()];
    expect(headCka(flat, [1, 2, tokens, columns]).nullScores[0]![1]).toBeCloseTo(expected.meanOf20000Permutations, 2);
    expect(headCka(flat, [1, 2, tokens, columns], { debiased: true }).nullScores[0]![1]).toBe(0);
  });

  it("is null for a head that writes the same at every token", () => {
    const constant = [1, 2, 3, 4, 5, 5, 5, 5];
    expect(headCka(constant, [1, 2, 4, 1])).toMatchObject({
      scores: [
        [1, null],
        [null, null],
      ],
      nullScores: [
        [expect.any(Number), null],
        [null, null],
      ],
    });
    expect(headCka([], [1, 2, 0, 4])).toMatchObject({
      rowsUsed: 0,
      scores: [
        [null, null],
        [null, null],
      ],
    });
  });
});

describe("headCka and bad input", () => {
  it("does not change the outputs", () => {
    const before = outputs.slice();
    headCka(outputs, shape);
    expect(outputs).toEqual(before);
  });

  it("names what is wrong", () => {
    expect(() => headCka(outputs, [1, 1, 1, 1])).toThrow(ShapeError);
    expect(() => headCka(outputs, [2, 3, 8] as never)).toThrow(ShapeError);
    expect(() => headCka(outputs, shape, { queryKeep: new Uint8Array(3) })).toThrow(ShapeError);
    expect(() => headCka([1, 2, 3], [1, 1, 3, 1], { debiased: true })).toThrow(ShapeError);
    expect(() => headCka(undefined as never, shape)).toThrow(ValueError);
    expect(() => headCka(outputs, shape, { debias: true } as never)).toThrow("unknown option");
    expect(() => headCka([1, NaN], [1, 1, 2, 1])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headCka: outputs of head 0 must be finite numbers, got NaN in row 1, column 0]`,
    );
  });
});
