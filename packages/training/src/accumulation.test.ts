import { dispose, keep, memory, mul, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { linear, parameter, type ParameterMap, scope, type StateDict } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, use, useBackend } from "@tfblocks/testkit";
import { countedCrossEntropy, crossEntropy, GradientAccumulator, type Optimizer, Trainer, valueAndGradients } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

interface Batch {
  readonly x: Tensor;
  readonly labels: Tensor;
}

const initial = [0.5, -1, 0.25, 0.75, -0.5, 0.125];
const four: Rows = { x: [1, 2, -1, 0.5, 0.25, -0.75, 2, -1], labels: [0, 2, 1, 2] };
const one: Rows = { x: [3, 1, -2, 1.5, 0.5, 0.5], labels: [-100, 1, -100] };
const none: Rows = { x: [7, 8], labels: [-100] };

/** `torch.nn.functional.cross_entropy` over all five labels, in float64 (PyTorch 2.15); transformers 5.23 gives the same
 *  with `num_items_in_batch=5` for each of the two batches. */
const ofAllLabels = {
  loss: 2.0318652865829625,
  gradient: [0.15724660611741556, -0.639266781703556, 0.35247503870724645, 0.29043939731715984, -0.509721644824662, 0.34882738438639616],
};

interface Rows {
  readonly x: readonly number[];
  readonly labels: readonly number[];
}

const batchOf = ({ x, labels }: Rows): Batch => ({
  x: tensor2d([...x], [labels.length, 2]),
  labels: tensor1d([...labels], "int32"),
});

/** An optimizer that keeps the gradients of the last step, and changes nothing. */
class Recorder implements Optimizer {
  readonly learningRate = 1;
  gradient: Tensor | undefined;

  step(_parameters: ParameterMap, { weight }: Readonly<Record<string, Tensor>>): void {
    this.gradient = use(keep(weight!.clone()));
  }

  stateDict(): StateDict {
    return {};
  }

  loadStateDict(): void {}

  dispose(): void {}
}

type Loss = (logits: Tensor, labels: Tensor) => Tensor | { readonly loss: Tensor; readonly count: Tensor | number };

/** One step over batches. */
async function stepOver(rows: readonly Rows[], lossOf: Loss = countedCrossEntropy): Promise<{ loss: number; gradient: number[] }> {
  const weight = use(parameter(() => tensor2d(initial, [3, 2])));
  const optimizer = new Recorder();
  const trainer = new Trainer<Batch>({
    model: { parameters: () => ({ weight }) },
    batches: (index) => batchOf(rows[index]!),
    loss: ({ x, labels }) => scope(() => lossOf(linear(x, weight), labels)),
    optimizer,
    accumulate: rows.length,
  });
  for await (const { loss } of trainer.run({ steps: 1 })) return { loss, gradient: [...(await optimizer.gradient!.data())] };
  throw new Error("no step was taken");
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((each, at) => expect(Math.abs(each - expected[at]!), `[${at}]`).toBeLessThan(tolerance));
}

describe.each(backendNames.map((name) => [name]))("accumulation on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    ["batches of 4 labels and 1", [four, one]],
    ["batches of 1 label and 4", [one, four]],
    ["batches without labels among them", [none, four, none, one]],
    ["one batch of all", [{ x: [...four.x, ...one.x], labels: [...four.labels, ...one.labels] }]],
  ])("of %s gives the loss and gradient of PyTorch over all labels", async (_title, rows) => {
    const { loss, gradient } = await stepOver(rows);
    expectNear(gradient, ofAllLabels.gradient);
    expectNear([loss], [ofAllLabels.loss]);
  });
});

describe("accumulation", () => {
  beforeAll(() => useBackend("cpu"));

  it("of batches with equally many labels is the plain mean, bit for bit", async () => {
    const plain = await stepOver([four, four, four], (logits, labels) => ({ loss: crossEntropy(logits, labels), count: 1 }));
    expect(await stepOver([four, four, four])).toEqual(plain);
    const single = await stepOver([four], crossEntropy);
    expect(await stepOver([four])).toEqual(single);
  });

  it("ignores the loss of a batch without labels, even if it is NaN", async () => {
    const divided: Loss = (logits, labels) => {
      const { loss, count } = countedCrossEntropy(logits, labels);
      return { loss: count.dataSync()[0] === 0 ? mul(loss, NaN) : loss, count };
    };
    const { loss, gradient } = await stepOver([four, none, one], divided);
    expectNear([loss, ...gradient], [ofAllLabels.loss, ...ofAllLabels.gradient]);
  });

  it.each([
    [[none], "its batch"],
    [[none, none], "2 batches"],
  ])("refuses a step in which all labels are ignored, before it changes anything", async (rows, where) => {
    const before = memory().numTensors;
    const error = await stepOver(rows).catch(String);
    expect(error).toBe(
      `ValueError: train: labels of step 1 must be at least one that is not ignored, got none in ${where}; leave out batches in which all labels are ignored`,
    );
    expect(memory().numTensors).toBe(before + 1); // the weight
  });

  it("refuses a loss that does not say over how many labels it is a mean, unless there is one batch", async () => {
    expect(await stepOver([four, one], crossEntropy).catch(String)).toMatchInlineSnapshot(
      `"ValueError: train: loss() must be { loss, count }, as accumulate is 2 and batches are weighted by their labels, got float32 []; return countedCrossEntropy(…), or count: 1 to weigh all batches alike"`,
    );
    expect(
      await stepOver([four, one], (logits, labels) => ({ loss: crossEntropy(logits, labels), count: -1 })).catch(String),
    ).toMatchInlineSnapshot(`"ValueError: train: count must be a finite number of labels >= 0, got -1"`);
    expect(
      await stepOver([four], (logits, labels) => ({ loss: crossEntropy(logits, labels), count: labels })).catch(String),
    ).toMatchInlineSnapshot(`"ShapeError: valueAndGradients: loss().count must be a scalar, got [4]; reduce it with tf.mean or tf.sum"`);
  });
});

describe("countedCrossEntropy", () => {
  beforeAll(() => useBackend("cpu"));

  it("returns the mean and the number of labels that are not ignored", async () => {
    const [logits, labels] = [use(tensor2d([1, 2, 3, 4, 5, 7], [3, 2])), use(tensor1d([1, 0, 1], "int32"))];
    const { loss, count } = use(countedCrossEntropy(logits, labels, { ignoreIndex: 0, labelSmoothing: 0.1 }));
    await expectClose(count, { shape: [], data: [2] });
    expect(loss.dataSync()).toEqual(use(crossEntropy(logits, labels, { ignoreIndex: 0, labelSmoothing: 0.1 })).dataSync());
    expect(() => countedCrossEntropy(logits, labels, { reduction: "sum" } as never)).toThrow(
      'countedCrossEntropy: unknown option "reduction"; known options: ignoreIndex, labelSmoothing',
    );
  });
});

describe("GradientAccumulator", () => {
  beforeAll(() => useBackend("cpu"));

  it("weighs the gradients of a training loop of one's own", async () => {
    const weight = use(parameter(() => tensor2d(initial, [3, 2])));
    const total = use(new GradientAccumulator());
    for (const { x, labels } of [use(batchOf(four)), use(batchOf(one))]) {
      const { value, gradients, count } = valueAndGradients({ weight }, () => scope(() => countedCrossEntropy(linear(x, weight), labels)));
      total.add(gradients, (await count.data())[0]!);
      dispose([value, gradients, count] as never);
    }
    expectNear([...use(total.mean())["weight"]!.dataSync()], ofAllLabels.gradient);
  });

  it("needs a count, and labels", () => {
    const total = use(new GradientAccumulator());
    const gradients = use({ weight: use(tensor1d([1])) });
    expect(() => total.add(gradients, undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: GradientAccumulator.add: count must be a finite number of labels >= 0, got undefined]`,
    );
    expect(() => total.add(gradients, NaN)).toThrow("GradientAccumulator.add: count must be a finite number of labels >= 0, got NaN");
    total.add(gradients, 0);
    expect(() => total.mean()).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: GradientAccumulator.mean: counts must be at least one > 0, got none; call add first]`,
    );
  });
});
