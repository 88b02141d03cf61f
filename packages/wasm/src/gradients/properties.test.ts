import {
  cumsum,
  dispose,
  dot,
  einsum,
  gather,
  grads,
  matMul,
  reshape,
  stridedSlice,
  tensor,
  type Tensor,
  type Tensor1D,
  tidy,
  tile,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { randomTensor, startWasm } from "@tfblocks/testkit";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

const inner = (a: Tensor, b: Tensor) => dot(reshape(a, [-1]), reshape(b, [-1])).dataSync()[0]!;

/** ⟨f(x), w⟩ = ⟨x, gradient of f at w⟩ for each input in which f is linear, with random x and w. */
function expectAdjoint(shapes: readonly (readonly number[])[], f: (...inputs: Tensor[]) => Tensor): void {
  tidy(() => {
    const inputs = shapes.map((shape, index) => randomTensor(shape, 1 + index));
    const output = f(...inputs);
    const weights = randomTensor(output.shape, 9);
    const expected = inner(output, weights);
    const gradients = grads((...at: Tensor[]) => f(...at))(inputs, weights);
    for (const [index, gradient] of gradients.entries()) {
      expect(Math.abs(inner(gradient, inputs[index]!) - expected)).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected), output.size ** 0.5));
    }
    dispose(gradients);
  });
}

const size = fc.integer({ min: 1, max: 5 });
const shapeOf = (minLength: number, maxLength: number) => fc.array(size, { minLength, maxLength });
const count = (shape: readonly number[]) => shape.reduce((product, each) => product * each, 1);
const check = <Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>) => fc.assert(property, { numRuns: 80, seed: 1 });

/** A slice of one dimension: its begin, count, and a stride of either sign. */
const cutOf = (length: number) =>
  fc.record({ begin: fc.nat(length - 1), stride: fc.constantFrom(1, 2, 3, -1, -2) }).chain(({ begin, stride }) => {
    const most = stride > 0 ? Math.floor((length - 1 - begin) / stride) : Math.floor(begin / -stride);
    return fc.integer({ min: 1, max: most + 1 }).map((times) => ({ begin, stride, end: begin + (times - 1) * stride + Math.sign(stride) }));
  });

beforeAll(() => startWasm({ threads: 2 }));

describe("gradients of copies are their adjoints", () => {
  it("for slices of any stride", () => {
    const cuts = shapeOf(1, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map(cutOf))));
    check(
      fc.property(cuts, ([shape, cut]) => {
        // An end of -1 would mean the last element, so "before the first" is written as a far smaller number.
        const ends = cut.map(({ end }, axis) => (end < 0 ? -shape[axis]! - 1 : end));
        const [begins, strides] = [cut.map(({ begin }) => begin), cut.map(({ stride }) => stride)];
        expectAdjoint([shape], (x) => stridedSlice(x, begins, ends, strides));
      }),
    );
  });

  it("for gathers along any dimension, with any batch dimensions", () => {
    const gathers = shapeOf(1, 4).chain((shape) =>
      fc.nat(shape.length - 1).chain((axis) =>
        fc.nat(axis).chain((batchDims) =>
          shapeOf(batchDims === 0 ? 1 : 0, 2).chain((rest) => {
            const idShape = [...shape.slice(0, batchDims), ...rest];
            const ids = fc.array(fc.nat(shape[axis]! - 1), { minLength: count(idShape), maxLength: count(idShape) });
            return fc.record({
              shape: fc.constant(shape),
              axis: fc.constant(axis),
              batchDims: fc.constant(batchDims),
              idShape: fc.constant(idShape),
              ids,
            });
          }),
        ),
      ),
    );
    check(
      fc.property(gathers, ({ shape, axis, batchDims, idShape, ids }) =>
        expectAdjoint([shape], (x) => gather(x, tensor(ids, idShape as [number], "int32"), axis, batchDims)),
      ),
    );
  });

  it("for tiles of any rank", () => {
    const tiles = shapeOf(1, 6).chain((shape) =>
      fc.tuple(fc.constant(shape), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length })),
    );
    check(fc.property(tiles, ([shape, reps]) => expectAdjoint([shape], (x) => tile(x, reps))));
  });
});

describe("gradients of sums are their adjoints", () => {
  it("for segment sums, including ids outside", () => {
    const sums = fc.record({ ids: fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 1, maxLength: 9 }), width: size, segments: size });
    check(
      fc.property(sums, ({ ids, width, segments }) =>
        expectAdjoint([[ids.length, width]], (x) => unsortedSegmentSum(x, tensor(ids, [ids.length], "int32") as Tensor1D, segments)),
      ),
    );
  });

  it("for cumulative sums along any dimension", () => {
    const sums = shapeOf(1, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1), fc.boolean(), fc.boolean()));
    check(fc.property(sums, ([shape, ...rest]) => expectAdjoint([shape], (x) => cumsum(x, ...rest))));
  });
});

describe("gradients of products are their adjoints", () => {
  it("for products of any batches and transposes", () => {
    const broadcastPair = fc
      .tuple(size, fc.constantFrom("both", "left", "right"))
      .map(([each, has]) => [has === "right" ? 1 : each, has === "left" ? 1 : each] as const);
    const products = fc.tuple(
      fc.array(broadcastPair, { maxLength: 3 }),
      fc.nat(3),
      fc.nat(3),
      size,
      size,
      size,
      fc.boolean(),
      fc.boolean(),
    );
    check(
      fc.property(products, ([batch, missing, isLeft, rows, depth, columns, transposeA, transposeB]) => {
        const [left, right] = [batch.map(([a]) => a), batch.map(([, b]) => b)];
        const a = [...left.slice(isLeft ? missing : 0), ...(transposeA ? [depth, rows] : [rows, depth])];
        const b = [...right.slice(isLeft ? 0 : missing), ...(transposeB ? [columns, depth] : [depth, columns])];
        expectAdjoint([a, b], (x, y) => matMul(x!, y!, transposeA, transposeB));
      }),
    );
  });

  it("for Einstein sums of any labels", () => {
    const sizes: Record<string, number> = { a: 2, b: 3, c: 1, d: 4 };
    const term = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 });
    const sums = fc
      .array(term, { minLength: 1, maxLength: 3 })
      .chain((terms) => fc.tuple(fc.constant(terms), fc.shuffledSubarray([...new Set(terms.flat())])));
    check(
      fc.property(sums, ([terms, output]) => {
        const equation = `${terms.map((each) => each.join("")).join(",")}->${output.join("")}`;
        expectAdjoint(
          terms.map((each) => each.map((label) => sizes[label]!)),
          (...inputs) => einsum(equation, ...inputs),
        );
      }),
    );
  });
});
