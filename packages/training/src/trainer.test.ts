import { dispose, memory, mul } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, useBackend, use } from "@tfblocks/testkit";
import { TextDataset, type TokenBatch } from "@tfblocks/text";
import { GradientAccumulator, type LossContext, train, Trainer, TrainingDiverged, valueAndGradients } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";
import { bits, collect, ids, length, setUp } from "./testing/tiny-run.js";

describe.each(backendNames.map((name) => [name]))("Trainer on %s", (backend) => {
  const steps = countsMemory(backend) ? 100 : 10; // graphics processors are emulated here
  beforeAll(() => useBackend(backend));

  it(`resumes after half of ${steps} steps in new objects, bit for bit, with dropout and shuffled data`, async () => {
    const start = memory().numTensors;
    const [whole, half, resumed] = [use(setUp()), use(setUp()), use(setUp({ seed: 1234 }))];
    const all = await collect(new Trainer(whole.run), steps);
    const before = new Trainer(half.run);
    const first = await collect(before, steps / 2);
    const checkpoint = use(before.checkpoint());
    half.end();
    const after = new Trainer(resumed.run);
    after.restore(checkpoint);
    dispose(checkpoint.state);
    expect([...first, ...(await collect(after, steps))]).toEqual(all);
    expect(await bits(resumed.model.parameters())).toEqual(await bits(whole.model.parameters()));
    expect(all.at(-1)!.loss).toBeLessThan(all[0]!.loss);
    whole.end();
    resumed.end();
    expect(memory().numTensors).toBe(start);
  });

  it("accumulates small batches to the gradients of one large batch", async () => {
    const { model, end } = use(setUp());
    const data = { ids, length, seed: 5 };
    const big = use(new TextDataset({ ...data, batch: 12 }).batch(0));
    const small = new TextDataset({ ...data, batch: 4 });
    const whole = use(valueAndGradients(model.parameters(), () => model.loss(big)));
    const total = use(new GradientAccumulator());
    for (const batch of use([0, 1, 2].map((index) => small.batch(index)))) {
      const { value, gradients } = use(valueAndGradients(model.parameters(), () => model.loss(batch)));
      total.add(gradients, batch.labels.size);
      dispose([value, gradients, batch] as never);
    }
    const mean = use(total.mean());
    for (const [name, expected] of Object.entries(whole.gradients)) {
      const [ours, theirs] = [await mean[name]!.data(), await expected.data()];
      ours.forEach((each, at) => expect(Math.abs(each - theirs[at]!), `${name}[${at}]`).toBeLessThan(1e-6));
    }
    total.dispose();
    dispose([mean, whole, big] as never);
    end();
  });
});

describe("Trainer and its batches", () => {
  beforeAll(() => useBackend("cpu"));

  it("counts accumulated batches, and gives each its own seed", async () => {
    const seen: (readonly [number, number, number])[] = [];
    let index = 0;
    const { run, model, end } = use(setUp({ accumulate: 3, clip: undefined }));
    const batches = (at: number) => {
      index = at;
      return run.batches(at);
    };
    const loss = (batch: TokenBatch, context: LossContext) => {
      seen.push([index, context.step, context.seed]);
      return model.countedLoss(batch, context);
    };
    const trainer = new Trainer({ ...run, batches, loss });
    const [first] = await collect(trainer, 2);
    expect(first).toMatchObject({ step: 1, learningRate: 0.004 });
    expect(seen.map(([at, step]) => [at, step])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 2],
    ]);
    expect(new Set(seen.map(([, , seed]) => seed)).size).toBe(6);
    const { metadata, state } = use(trainer.checkpoint());
    expect(metadata).toEqual({ "tfblocks.training": JSON.stringify({ version: 1, step: 2, batch: 6, seed: 9 }) });
    dispose(state);
    end();
  });

  it("reports tokens per second if it can count tokens", async () => {
    const { run, end } = use(setUp());
    const known = await train({ ...run, steps: 1 });
    const unknown = await train({ ...run, countTokens: () => undefined, steps: 1 });
    expect(known!.tokensPerSecond).toBeGreaterThan(0);
    expect(unknown!.tokensPerSecond).toBeUndefined();
    end();
  });
});

describe("Trainer when training diverges", () => {
  beforeAll(() => useBackend("cpu"));

  it("stops before a step whose loss is not finite, without changing parameters", async () => {
    const { run, model, end } = use(setUp());
    const loss = (batch: TokenBatch, context: LossContext) => scope(() => mul(model.loss(batch, context), context.step === 3 ? NaN : 1));
    const trainer = new Trainer({ ...run, loss });
    await collect(trainer, 2);
    const [before, tensors] = [await bits(model.parameters()), memory().numTensors];
    const error = await collect(trainer, 5).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TrainingDiverged);
    expect(error).toMatchObject({ step: 3, loss: NaN });
    expect((error as Error).message).toMatchInlineSnapshot(
      `"train: the loss of step 3 must be finite, got NaN at learning rate 0.012; parameters are as after the previous step; lower the learning rate, use a warm-up or clip gradients"`,
    );
    expect(await bits(model.parameters())).toEqual(before);
    expect(trainer.step).toBe(2);
    expect(memory().numTensors).toBe(tensors);
    end();
  });

  it("stops before a step whose gradient has infinite squares, unless it is clipped", async () => {
    const { run, model, end } = use(setUp());
    const loss = (batch: TokenBatch, context: LossContext) => scope(() => mul(model.loss(batch, context), 1e38));
    await collect(new Trainer({ ...run, loss, clip: 1 }), 1);
    const error = await collect(new Trainer({ ...run, loss, clip: undefined }), 1).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/step 1 must be below 1\.8e19, so that its square is finite, got [\d.]+e\+37 at/);
    end();
  });
});

describe("Trainer during a run", () => {
  beforeAll(() => useBackend("cpu"));

  it("stops after the step during which it is aborted", async () => {
    const { run, model, end } = use(setUp());
    const loss = (batch: TokenBatch, context: LossContext) => model.countedLoss(batch, context);
    const [controller, trainer] = [new AbortController(), new Trainer({ ...run, loss, accumulate: 2 })];
    let steps = 0;
    for await (const { step } of trainer.run({ steps: 10, signal: controller.signal })) {
      steps = step;
      if (step === 3) controller.abort();
    }
    expect([steps, trainer.step]).toEqual([3, 3]);
    end();
  });

  it("rejects a second run and a restore during a step", async () => {
    const { run, end } = use(setUp());
    const trainer = new Trainer(run);
    const saved = use(trainer.checkpoint());
    const first = collect(trainer, 3);
    expect(() => trainer.restore(saved)).toThrow(/Trainer\.restore: trainer must be between two steps, got one that is taking a step/);
    await expect(collect(trainer, 3)).rejects.toThrow(/Trainer\.run: trainer must be between two steps/);
    await first;
    expect(trainer.step).toBe(3);
    dispose(saved.state);
    end();
  });

  it("returns to the event loop after each step", async () => {
    const { run, end } = use(setUp());
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await train({ ...run, steps: 20 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    end();
  });
});

describe("Trainer and its options", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid and unknown options", () => {
    const { run, end } = use(setUp());
    expect(() => new Trainer({ ...run, lr: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: Trainer: unknown option "lr"; known options: model, loss, batches, optimizer, schedule, clip, accumulate, seed, countTokens]`,
    );
    expect(() => new Trainer({ ...run, model: {} as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: model must be an object with parameters(), got an object]`,
    );
    expect(() => new Trainer({ ...run, batches: [] as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: batches must be a function, got an array of length 0]`,
    );
    expect(() => new Trainer({ ...run, clip: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: clip must be a finite float32 number > 0, got -1]`,
    );
    expect(() => new Trainer({ ...run, accumulate: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: accumulate must be an integer >= 1, got 0]`,
    );
    end();
  });
});
