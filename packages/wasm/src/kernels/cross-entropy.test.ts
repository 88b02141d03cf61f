import { type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { CrossEntropy, type CrossEntropyAttrs, CrossEntropyGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  expectClose,
  expectNewTensors,
  expectSameBits,
  fusedBackendNames,
  oddColumns,
  randomNumbers,
  randomTensor,
  rowsOf,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const plain: CrossEntropyAttrs = { ignoreIndex: -100, labelSmoothing: 0 };
const variants: readonly CrossEntropyAttrs[] = [plain, { ignoreIndex: 0, labelSmoothing: 0.1 }];

interface Case {
  readonly rows: number;
  readonly classes: number;
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly dloss: Float32Array;
  readonly dlogSumExp: Float32Array;
}

function makeCase(rows: number, classes: number, spread = 3, mean = 0): Case {
  return {
    rows,
    classes,
    logits: randomNumbers(rows * classes, 1, spread, mean),
    labels: Int32Array.from({ length: rows }, (_, row) => (row * 7) % classes),
    dloss: randomNumbers(rows, 2),
    dlogSumExp: randomNumbers(rows, 3),
  };
}

/** loss, logSumExp and dlogits, in float64. */
function oracle({ classes, logits, labels, dloss, dlogSumExp }: Case, { ignoreIndex, labelSmoothing }: CrossEntropyAttrs): number[][] {
  const results = rowsOf(logits, classes).map((row, index) => {
    const largest = Math.max(...row);
    const logSumExp = largest + Math.log(row.reduce((sum, each) => sum + Math.exp(each - largest), 0));
    const label = labels[index]!;
    const ignored = label === ignoreIndex;
    const target = row.map((_, column) => (column === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes);
    const loss = ignored ? 0 : target.reduce((sum, each, column) => sum + (each === 0 ? 0 : each * (logSumExp - row[column]!)), 0);
    const upstream = ignored ? 0 : dloss[index]!;
    const gradient = row.map((each, column) => (upstream + dlogSumExp[index]!) * Math.exp(each - logSumExp) - upstream * target[column]!);
    return { loss, logSumExp, gradient };
  });
  return [results.map(({ loss }) => loss), results.map(({ logSumExp }) => logSumExp), results.flatMap(({ gradient }) => gradient)];
}

function run({ rows, classes, logits, labels, dloss, dlogSumExp }: Case, attrs: CrossEntropyAttrs): Tensor[] {
  return tidy(() => {
    const inputs = { logits: tensor(logits, [rows, classes]), labels: tensor(labels, [rows], "int32") };
    const [loss, logSumExp] = runKernel(CrossEntropy, inputs, attrs);
    const above = { dloss: tensor(dloss, [rows]), dlogSumExp: tensor(dlogSumExp, [rows]), logSumExp: logSumExp! };
    return [loss!, logSumExp!, ...runKernel(CrossEntropyGrad, { ...inputs, ...above }, attrs)];
  });
}

async function expectOracle(given: Case, attrs: CrossEntropyAttrs): Promise<void> {
  const expected = oracle(given, attrs);
  for (const [index, each] of run(given, attrs).entries()) {
    await expectClose(
      each,
      { shape: each.shape, data: expected[index]! },
      { atol: 2e-6, rtol: 1e-6 },
      ["loss", "logSumExp", "dlogits"][index],
    );
    each.dispose();
  }
}

describe.each(fusedBackendNames.map((name) => [name]))("CrossEntropy on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([...oddColumns, 9001].flatMap((classes) => [1, 5].map((rows) => [rows, classes] as const)))(
    "is within 2e-6 of float64 for %i rows of %i classes, backward too",
    async (rows, classes) => {
      for (const attrs of variants) await expectOracle(makeCase(rows, classes), attrs);
    },
  );

  it("stays accurate for logits of 1e4", () => expectOracle(makeCase(5, 33, 3, 1e4), plain));

  it("handles logits that differ by thousands", () => expectOracle(makeCase(5, 33, 3000), plain));
});

describe("CrossEntropy", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each(variants.map((attrs) => [attrs]))("is differentiable with %j", async (attrs) => {
    const [logits, labels] = [randomTensor([4, 5], 1), use(tensor([0, 3, 4, 1], [4], "int32"))];
    await checkGradients((at) => runKernel(CrossEntropy, { logits: at, labels }, attrs)[0]!, [logits]);
    await checkGradients((at) => runKernel(CrossEntropy, { logits: at, labels }, attrs)[1]!, [logits]);
  });

  it("handles logits of -Infinity, and gives NaN for a row that contains NaN", () => {
    const [logits, labels] = [use(tensor([0, -Infinity, 0, NaN], [2, 2])), use(tensor([0, 0], [2], "int32"))];
    const [loss] = use(runKernel(CrossEntropy, { logits, labels }, plain));
    expect([...loss!.dataSync()]).toEqual([0, NaN]);
  });

  it("accepts zero rows", () => {
    const [logits, labels] = [use(zeros([0, 5])), use(zeros([0], "int32"))];
    const outputs = use(runKernel(CrossEntropy, { logits, labels }, plain));
    expect(outputs.map(({ shape }) => shape)).toEqual([[0], [0]]);
  });

  it("gives the same bits on any number of threads", () => expectSameBits(() => run(makeCase(200, 301), variants[1]!)));
});

describe("labels of CrossEntropy", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("that are all ignored give zero losses and gradients, even for NaN", () => {
    const given = makeCase(3, 5);
    const poisoned = { ...given, logits: given.logits.fill(NaN), labels: given.labels.fill(-100), dlogSumExp: new Float32Array(3) };
    const [loss, , dlogits] = use(run(poisoned, plain));
    expect([...loss!.dataSync()]).toEqual([0, 0, 0]);
    expect([...dlogits!.dataSync()]).toEqual(Array.from({ length: 15 }, () => 0));
  });

  it("that are not classes are rejected, and nothing leaks", async () => {
    const logits = use(zeros([2, 3]));
    const labelled = use([tensor([0, 3], [2], "int32"), tensor([-1, 0], [2], "int32"), tensor([0, 1]), tensor([0, 1, 2], [3], "int32")]);
    const messages = await expectNewTensors(() =>
      labelled.map((labels) => {
        try {
          return runKernel(CrossEntropy, { logits, labels }, plain);
        } catch (error) {
          return (error as Error).message;
        }
      }),
    );
    expect(messages).toMatchInlineSnapshot(`
      [
        "CrossEntropy: labels[1] must be from 0 to 2, or -100 to be ignored, got 3",
        "CrossEntropy: labels[0] must be from 0 to 2, or -100 to be ignored, got -1",
        "CrossEntropy: labels must be an int32 tensor, got float32",
        "CrossEntropy: labels must be [2], got [3]",
      ]
    `);
  });
});
