import { scalar, sum, type Tensor, tensor, tidy, valueAndGrad, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  checkGradients,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  oddColumns,
  randomNumbers,
  randomTensor,
  rowsOf,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { crossEntropy, type CrossEntropyOptions } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

const tolerance = { atol: 3e-6, rtol: 3e-6 };

/** The loss of each row in float64. */
function oracle(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number, options: CrossEntropyOptions = {}): number[] {
  const { ignoreIndex = -100, labelSmoothing = 0 } = options;
  return rowsOf(logits, classes).map((row, index) => {
    if (labels[index] === ignoreIndex) return 0;
    const largest = Math.max(...row);
    const logSumExp = largest + Math.log(row.reduce((total, each) => total + Math.exp(each - largest), 0));
    const mean = row.reduce((total, each) => total + each, 0) / classes;
    return logSumExp - (1 - labelSmoothing) * row[labels[index]!]! - labelSmoothing * mean;
  });
}

const labelsOf = (rows: number, classes: number) => Int32Array.from({ length: rows }, (_, row) => (row * 7) % classes);

describe.each(backendNames.map((name) => [name]))("crossEntropy on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(oddColumns.flatMap((classes) => [1, 5].map((rows) => [rows, classes] as const)))(
    "matches float64 on %i rows of %i classes",
    async (rows, classes) => {
      const [values, labels] = [randomNumbers(rows * classes, 1, 3), labelsOf(rows, classes)];
      const [logits, targets] = [use(tensor(values, [rows, classes])), use(tensor(labels, [rows], "int32"))];
      for (const options of [{}, { ignoreIndex: 0, labelSmoothing: 0.1 }]) {
        const expected = oracle(values, labels, classes, options);
        const losses = use(crossEntropy(logits, targets, { ...options, reduction: "none" }));
        await expectClose(losses, { shape: [rows], data: expected }, tolerance);
      }
    },
  );

  it("reduces to the mean over labels that are not ignored, or to the sum", async () => {
    const values = randomNumbers(2 * 3 * 5, 4);
    const labels = [0, -100, 4, 2, -100, 1];
    const [logits, targets] = [use(tensor(values, [2, 3, 5])), use(tensor(labels, [2, 3], "int32"))];
    const total = oracle(values, labels, 5).reduce((all, each) => all + each, 0);
    const [mean, summed] = [use(crossEntropy(logits, targets)), use(crossEntropy(logits, targets, { reduction: "sum" }))];
    await expectClose(mean, { shape: [], data: [total / 4] }, tolerance);
    await expectClose(summed, { shape: [], data: [total] }, tolerance);
  });

  it.each([{}, { labelSmoothing: 0.2 }, { reduction: "sum" }, { reduction: "none", ignoreIndex: 2 }] as CrossEntropyOptions[])(
    "is differentiable with %j",
    async (options) => {
      const [logits, labels] = [randomTensor([2, 3, 5], 3), use(tensor([0, 4, 2, 1, 2, 3], [2, 3], "int32"))];
      await checkGradients((at) => crossEntropy(at, labels, options), [logits]);
    },
  );

  it("leaves one tensor per call, and leaks nothing when it throws", async () => {
    const [logits, labels, wrong] = [randomTensor([2, 5], 1), use(tensor([0, 4], [2], "int32")), use(tensor([0, 1, 2], [3], "int32"))];
    await expectNewTensors(() => crossEntropy(logits, labels), 1);
    expectFlatResources((index) => crossEntropy(logits, index % 4 === 3 ? wrong : labels).dispose(), 200);
  });
});

describe.each(backendNames.map((name) => [name]))("crossEntropy of large logits on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("stays accurate for logits around 1e4, forward and backward", async () => {
    const values = randomNumbers(4 * 9, 5, 3, 1e4);
    const [logits, labels] = [use(tensor(values, [4, 9])), use(tensor(labelsOf(4, 9), [4], "int32"))];
    const losses = use(crossEntropy(logits, labels, { reduction: "none" }));
    await expectClose(losses, { shape: [4], data: oracle(values, labelsOf(4, 9), 9) }, { atol: 1e-5, rtol: 1e-5 });
    const { grad } = use(valueAndGrad((at: Tensor) => crossEntropy(at, labels, { reduction: "sum" }))(logits));
    const rowSums = use(tidy(() => sum(grad, 1)));
    await expectClose(rowSums, { shape: [4], data: [0, 0, 0, 0] }, { atol: 2e-6, rtol: 0 });
  });

  // PyTorch 2.15 gives the same; WebGL's max starts at -1e20.
  it.skipIf(backend === "webgl")("gives log(classes) for rows of the most negative float", async () => {
    const logits = use(
      tensor(
        Array.from({ length: 8 }, () => -3.4028234663852886e38),
        [2, 4],
      ),
    );
    const labels = use(tensor([0, 3], [2], "int32"));
    for (const labelSmoothing of [0, 0.1]) {
      const losses = use(crossEntropy(logits, labels, { labelSmoothing, reduction: "none" }));
      await expectClose(losses, { shape: [2], data: [Math.log(4), Math.log(4)] }, tolerance);
    }
  });
});

describe.each(backendNames.map((name) => [name]))("crossEntropy of ignored, NaN and empty rows on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("gives a loss and gradients of 0 if every label is ignored, even for NaN", async () => {
    const [logits, labels] = [
      use(
        tensor(
          Array.from({ length: 6 }, () => NaN),
          [2, 3],
        ),
      ),
      use(tensor([-100, -100], [2], "int32")),
    ];
    const { value, grad } = use(valueAndGrad((at: Tensor) => crossEntropy(at, labels))(logits));
    await expectClose(value, { shape: [], data: [0] }, { atol: 0, rtol: 0 });
    await expectClose(grad, { shape: [2, 3], data: [0, 0, 0, 0, 0, 0] }, { atol: 0, rtol: 0 });
  });

  it("gives NaN only for rows that contain NaN", async () => {
    const [logits, labels] = [use(tensor([0, NaN, 0, 0], [2, 2])), use(tensor([0, 1], [2], "int32"))];
    const losses = use(crossEntropy(logits, labels, { reduction: "none" }));
    await expectClose(losses, { shape: [2], data: [NaN, Math.log(2)] }, tolerance);
  });

  it("accepts empty inputs and logits of -Infinity", async () => {
    const [none, noLabels] = [use(zeros([0, 3])), use(zeros([0], "int32"))];
    const [logits, labels] = [use(tensor([[0, -Infinity, 0]])), use(tensor([2], [1], "int32"))];
    const results = use([crossEntropy(none, noLabels), crossEntropy(none, noLabels, { reduction: "none" }), crossEntropy(logits, labels)]);
    await expectClose(results[0]!, { shape: [], data: [0] });
    await expectClose(results[1]!, { shape: [0], data: [] });
    await expectClose(results[2]!, { shape: [], data: [Math.log(2)] }, tolerance);
  });
});

describe("crossEntropy", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid arguments by name", () => {
    const message = (body: () => unknown) => {
      try {
        return body();
      } catch (error) {
        return (error as Error).message;
      }
    };
    const messages = tidy(() => {
      const [logits, labels] = [zeros([2, 3]), tensor([0, 3], [2], "int32")];
      return [
        message(() => crossEntropy(logits, labels)),
        message(() => crossEntropy(logits, tensor([0, 1]))),
        message(() => crossEntropy(logits, tensor([0, 1, 2], [3], "int32"))),
        message(() => crossEntropy(scalar(1), labels)),
        message(() => crossEntropy(logits, labels, { reduction: "avg" as "mean" })),
        message(() => crossEntropy(logits, labels, { labelSmoothing: 2 })),
        message(() => crossEntropy(logits, labels, { ignoreIndex: 0.5 })),
        message(() => crossEntropy(logits, labels, { smoothing: 0.1 } as CrossEntropyOptions)),
      ] as never;
    });
    expect(messages).toMatchInlineSnapshot(`
      [
        "crossEntropy: labels[1] must be from 0 to 2 (vocabSize - 1), or ignoreIndex = -100, got 3",
        "crossEntropy: labels must be an int32 tensor, got float32 [2]; convert it with tf.cast(labels, "int32") if that is what it means",
        "crossEntropy: labels must be [2] (from logits), got [3]",
        "crossEntropy: logits must be [..., vocabSize], got []",
        "crossEntropy: reduction must be "mean", "sum" or "none", got "avg"",
        "crossEntropy: labelSmoothing must be a number from 0 to 1, got 2",
        "crossEntropy: ignoreIndex must be an int32, got 0.5",
        "crossEntropy: unknown option "smoothing"; known options: ignoreIndex, labelSmoothing, reduction",
      ]
    `);
  });
});
