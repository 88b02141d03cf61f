import { add, keep, memory, mul, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { Linear, Random, scope } from "@tfblocks/tensor-utils";
import { checkEachRun, CapturedStep, liveTensor } from "@tfblocks/tensor-utils/steps";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

/** A step on live numbers, and the plain run of its body. */
function stepOf(body: (x: Tensor) => Tensor, size = 8) {
  const x = new Float32Array(size);
  const made = () => body(liveTensor(() => x, [1, size]));
  return { x, step: new CapturedStep(made), plain: () => Array.from(use(scope(made)).dataSync()) };
}

const network = (random = new Random(1)) => {
  const [up, down] = [
    use(new Linear({ inFeatures: 8, outFeatures: 32, random: random.split("up") })),
    use(new Linear({ inFeatures: 32, outFeatures: 8, random: random.split("down") })),
  ];
  return (x: Tensor) => add(down.apply(mul(up.apply(x), 2)), x);
};

describe.each(fusedBackendNames)("CapturedStep on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("repeats a body from its fourth run on, with the same bits", () => {
    const { x, step, plain } = stepOf(network());
    for (let run = 0; run < 8; run++) {
      x.forEach((_, index) => (x[index] = Math.sin(run * 8 + index)));
      expect(Array.from(step.run().dataSync())).toEqual(plain());
      expect(step.isRepeated).toBe(run >= 3);
    }
    expect(step.refusal).toBeUndefined();
    step.dispose();
  });

  it("frees everything", () => {
    const body = network();
    const before = memory();
    const { step } = stepOf(body);
    for (let run = 0; run < 5; run++) step.run();
    step.dispose();
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

describe("CapturedStep runs plainly", () => {
  beforeAll(() => useBackend("wasm fused plain, 1 thread"));

  it("where the body keeps a tensor, which lasts", () => {
    const kept: Tensor[] = [];
    const { x, step } = stepOf((each) => {
      kept.push(keep(mul(each, 3)));
      return mul(each, 2);
    });
    for (let run = 0; run < 9; run++) {
      x.fill(run);
      expect(step.run().dataSync()[0]).toBe(2 * run);
    }
    expect(step.refusal).toBe("its kernels change from run to run");
    step.dispose();
    expect(kept.map((each) => use(each).dataSync()[7])).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24]);
  });
});

describe("CapturedStep runs plainly, too,", () => {
  beforeAll(() => useBackend("wasm fused plain, 1 thread"));

  it("where the body reads numbers back", () => {
    const { x, step, plain } = stepOf((each) => mul(each, each.dataSync()[0]!));
    for (let run = 0; run < 5; run++) {
      x.fill(run);
      expect(Array.from(step.run().dataSync())).toEqual(plain());
      expect(step.isRepeated).toBe(false);
    }
    expect(step.refusal).toBe("it reads the numbers of a tensor");
    step.dispose();
  });

  it("where numbers change that are not live", () => {
    let factor = 0;
    const { x, step } = stepOf((each) => mul(each, tensor([factor])));
    x.fill(1);
    for (let run = 0; run < 8; run++) {
      factor = run;
      expect(step.run().dataSync()[0]).toBe(run);
    }
    expect(step.refusal).toBe("its kernels change from run to run");
    step.dispose();
  });

  it("inside another step", () => {
    const body = network();
    const inner = stepOf(body);
    const outer = stepOf(() => mul(inner.step.run(), 1));
    for (let run = 0; run < 7; run++) {
      inner.x.fill(run);
      expect(Array.from(outer.step.run().dataSync())).toEqual(inner.plain());
    }
    outer.step.dispose();
    inner.step.dispose();
  });
});

describe("CapturedStep runs plainly for a while", () => {
  beforeAll(() => useBackend("wasm fused plain, 1 thread"));

  it("where a weight was replaced, and records again", () => {
    const map = use(new Linear({ inFeatures: 8, outFeatures: 8 }));
    const { x, step, plain } = stepOf((each) => map.apply(each));
    x.fill(1);
    for (let run = 0; run < 10; run++) {
      if (run === 5) map.weight.assign(use(tensor(new Float32Array(64).fill(2), [8, 8])));
      expect(Array.from(step.run().dataSync())).toEqual(plain());
      expect(step.isRepeated).toBe(run >= 3 && (run < 5 || run > 7));
    }
    step.dispose();
  });

  it("where a live tensor has more numbers, and writes over nothing", () => {
    let x = new Float32Array(4).fill(1);
    const step = new CapturedStep(() =>
      mul(
        liveTensor(() => x, [1, x.length]),
        2,
      ),
    );
    for (let run = 0; run < 5; run++) expect(step.run().shape).toEqual([1, 4]);
    expect(step.isRepeated).toBe(true);
    x = new Float32Array(4096).fill(3);
    for (let run = 0; run < 5; run++) {
      const y = step.run();
      expect(y.shape).toEqual([1, 4096]);
      expect(new Set(y.dataSync())).toEqual(new Set([6]));
      expect(step.isRepeated).toBe(run >= 3);
    }
    step.dispose();
  });
});

describe("CapturedStep keeps its checks", () => {
  beforeAll(() => useBackend("wasm fused plain, 1 thread"));

  it("where a check fails, and throws what it throws", () => {
    let limit = 10;
    const { x, step } = stepOf((each) => {
      checkEachRun(() => {
        if (each.dataSync()[0]! > limit) throw new RangeError("too large");
      });
      return mul(each, 2);
    });
    for (let run = 0; run < 5; run++) {
      x.fill(run);
      expect(step.run().dataSync()[0]).toBe(2 * run);
    }
    expect(step.isRepeated).toBe(true);
    limit = 1;
    expect(() => step.run()).toThrow("too large");
    limit = 10;
    expect(step.run().dataSync()[0]).toBe(8);
    step.dispose();
  });
});
