import { add, dispose, memory, mul, reshape, sum, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import {
  type Block,
  embedding,
  joinParameters,
  Linear,
  normalInit,
  parameter,
  type ParameterMap,
  Random,
  scope,
} from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, useBackend } from "@tfblocks/testkit";
import { TextDataset, type TokenBatch } from "@tfblocks/text";
import {
  AdamW,
  crossEntropy,
  GradientAccumulator,
  loadCheckpoint,
  type LossContext,
  MemoryCheckpointStore,
  safetensorsFormat,
  train,
  Trainer,
  type TrainerOptions,
  TrainingDiverged,
  type TrainingProgress,
  valueAndGradients,
  warmupCosine,
} from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

const [vocabSize, length, dModel] = [11, 8, 12];
const ids = Array.from({ length: 400 }, (_, at) => (at * at + 3 * at) % vocabSize);

/** A tiny model of language with dropout. */
class Model implements Pick<Block, "parameters" | "dispose"> {
  readonly table = parameter(() => normalInit(0.5)([vocabSize, dModel], new Random(1)));
  readonly attention = multiHeadAttention({ dModel, numHeads: 2, dropout: 0.2, random: new Random(2) });
  readonly head = new Linear({ inFeatures: dModel, outFeatures: vocabSize, random: new Random(3) });

  loss({ ids: tokens, labels }: TokenBatch, dropout?: LossContext): Tensor {
    return scope(() => {
      const x = embedding(this.table, tokens);
      const training = dropout === undefined ? {} : { training: true, seed: dropout.seed };
      const { output } = this.attention.apply(x, x, x, { mask: masks.causal(), needWeights: false, ...training });
      return crossEntropy(this.head.apply(add(x, output)), labels);
    });
  }

  parameters(): ParameterMap {
    return joinParameters({ table: this.table, attention: this.attention, head: this.head });
  }

  dispose(): void {
    for (const part of [this.table, this.attention, this.head]) part.dispose();
  }
}

/** A run from fresh objects. */
function setUp(options: Partial<TrainerOptions<TokenBatch>> = {}) {
  const [model, optimizer] = [new Model(), new AdamW({ weightDecay: 0.1 })];
  const data = new TextDataset({ ids, length, batch: 4, seed: 5 });
  const run: TrainerOptions<TokenBatch> = {
    model,
    optimizer,
    batches: (index) => data.batch(index),
    loss: (batch, context) => model.loss(batch, context),
    schedule: warmupCosine({ peak: 0.02, warmupSteps: 5, totalSteps: 100 }),
    clip: 1,
    seed: 9,
    ...options,
  };
  const end = () => [model, optimizer].forEach((each) => each.dispose());
  return { model, optimizer, run, end };
}

async function bits(parameters: ParameterMap): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (const [name, each] of Object.entries(parameters)) all[name] = [...new Uint32Array((await each.data()).slice().buffer)];
  return all;
}

const without = (progress: TrainingProgress) => ({ ...progress, tokensPerSecond: undefined });

async function collect(trainer: Trainer<TokenBatch>, steps: number): Promise<object[]> {
  const all: object[] = [];
  for await (const progress of trainer.run({ steps })) all.push(without(progress));
  return all;
}

describe.each(backendNames.map((name) => [name]))("Trainer on %s", (backend) => {
  const steps = countsMemory(backend) ? 100 : 10; // graphics processors are emulated here
  beforeAll(() => useBackend(backend));

  it(`takes ${steps} steps as it takes half, is saved, and goes on in fresh objects: bit for bit, with dropout and shuffled data`, async () => {
    const start = memory().numTensors;
    const [whole, half, rest] = [setUp(), setUp(), setUp({ seed: 1234 })];
    const all = await collect(new Trainer(whole.run), steps);
    const before = new Trainer(half.run);
    const first = await collect(before, steps / 2);
    const checkpoint = before.checkpoint();
    half.end();
    const after = new Trainer(rest.run);
    after.restore(checkpoint);
    dispose(checkpoint.state);
    expect([...first, ...(await collect(after, steps))]).toEqual(all);
    expect(await bits(rest.model.parameters())).toEqual(await bits(whole.model.parameters()));
    expect((all.at(-1) as TrainingProgress).loss).toBeLessThan((all[0] as TrainingProgress).loss);
    whole.end();
    rest.end();
    expect(memory().numTensors).toBe(start);
  });

  it("has the gradients of one big batch when it accumulates small ones", async () => {
    const { model, end } = setUp();
    const data = { ids, length, seed: 5 };
    const big = new TextDataset({ ...data, batch: 12 }).batch(0);
    const small = new TextDataset({ ...data, batch: 4 });
    const whole = valueAndGradients(model.parameters(), () => model.loss(big));
    const total = new GradientAccumulator();
    for (const batch of [0, 1, 2].map((index) => small.batch(index))) {
      const { value, gradients } = valueAndGradients(model.parameters(), () => model.loss(batch));
      total.add(gradients);
      dispose([value, gradients, batch] as never);
    }
    const mean = total.mean();
    for (const [name, expected] of Object.entries(whole.gradients)) {
      const [ours, theirs] = [await mean[name]!.data(), await expected.data()];
      ours.forEach((each, at) => expect(Math.abs(each - theirs[at]!), `${name}[${at}]`).toBeLessThan(1e-6));
    }
    total.dispose();
    dispose([mean, whole, big] as never);
    end();
  });
});

describe("Trainer", () => {
  beforeAll(() => useBackend("cpu"));

  it("counts batches when it accumulates, and gives each a seed of its own", async () => {
    const seen: (readonly [number, number, number])[] = [];
    let index = 0;
    const { run, model, end } = setUp({ accumulate: 3, clip: undefined });
    const batches = (at: number) => {
      index = at;
      return run.batches(at);
    };
    const loss = (batch: TokenBatch, context: LossContext) => {
      seen.push([index, context.step, context.seed]);
      return model.loss(batch, context);
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
    const { metadata, state } = trainer.checkpoint();
    expect(metadata).toEqual({ "tfblocks.training": JSON.stringify({ version: 1, step: 2, batch: 6, seed: 9 }) });
    dispose(state);
    end();
  });

  it("stops before the step whose loss is not finite, with parameters as they were", async () => {
    const { run, model, end } = setUp();
    const loss = (batch: TokenBatch, context: LossContext) => scope(() => mul(model.loss(batch, context), context.step === 3 ? NaN : 1));
    const trainer = new Trainer({ ...run, loss });
    await collect(trainer, 2);
    const [before, tensors] = [await bits(model.parameters()), memory().numTensors];
    const error = await collect(trainer, 5).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TrainingDiverged);
    expect(error).toMatchObject({ step: 3, loss: NaN });
    expect((error as Error).message).toMatchInlineSnapshot(
      `"train: the loss of step 3 must be finite, got NaN at learning rate 0.012; parameters are as of the step before; lower the learning rate, warm it up or clip gradients"`,
    );
    expect(await bits(model.parameters())).toEqual(before);
    expect(trainer.step).toBe(2);
    expect(memory().numTensors).toBe(tensors);
    end();
  });

  it("stops before the step whose gradient is not finite", async () => {
    const { run, model, end } = setUp();
    const loss = (batch: TokenBatch, context: LossContext) => scope(() => mul(model.loss(batch, context), 1e38));
    const error = await collect(new Trainer({ ...run, loss }), 1).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatchInlineSnapshot(
      `"train: the norm of the gradients of step 1 must be finite, got Infinity at learning rate 0.004; parameters are as of the step before; lower the learning rate, warm it up or clip gradients"`,
    );
    end();
  });

  it("stops after the whole step in which it is aborted", async () => {
    const { run, end } = setUp();
    const [controller, trainer] = [new AbortController(), new Trainer({ ...run, accumulate: 2 })];
    let steps = 0;
    for await (const { step } of trainer.run({ steps: 10, signal: controller.signal })) {
      steps = step;
      if (step === 3) controller.abort();
    }
    expect([steps, trainer.step]).toEqual([3, 3]);
    end();
  });

  it("takes one step at a time: a second run, and going back, are refused until it is taken", async () => {
    const { run, end } = setUp();
    const trainer = new Trainer(run);
    const saved = trainer.checkpoint();
    const first = collect(trainer, 3);
    expect(() => trainer.restore(saved)).toThrow(/Trainer\.restore: trainer must be between two steps, got one that is taking a step/);
    await expect(collect(trainer, 3)).rejects.toThrow(/Trainer\.run: trainer must be between two steps/);
    await first;
    expect(trainer.step).toBe(3);
    dispose(saved.state);
    end();
  });

  it("lets the event loop have its turn after each step", async () => {
    const { run, end } = setUp();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await train({ ...run, steps: 20 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    end();
  });

  it("tells the tokens of a second where it can count them", async () => {
    const { run, end } = setUp();
    const known = await train({ ...run, steps: 1 });
    const unknown = await train({ ...run, countTokens: () => undefined, steps: 1 });
    expect(known!.tokensPerSecond).toBeGreaterThan(0);
    expect(unknown!.tokensPerSecond).toBeUndefined();
    end();
  });

  it("refuses what it cannot train with", () => {
    const { run, end } = setUp();
    expect(() => new Trainer({ ...run, lr: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: options must be without unknown names, got lr; see its type for the known ones]`,
    );
    expect(() => new Trainer({ ...run, model: {} as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: model must be an object with parameters(), got an object]`,
    );
    expect(() => new Trainer({ ...run, batches: [] as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: batches must be a function, got an array of length 0]`,
    );
    expect(() => new Trainer({ ...run, clip: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: clip must be a positive number, got -1]`,
    );
    expect(() => new Trainer({ ...run, accumulate: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Trainer: accumulate must be an integer >= 1, got 0]`,
    );
    end();
  });
});

describe("train", () => {
  beforeAll(() => useBackend("cpu"));

  it("goes on from the checkpoint that its store holds", async () => {
    const start = memory().numTensors;
    const [whole, half, rest] = [setUp(), setUp(), setUp()];
    const checkpoint = { store: new MemoryCheckpointStore(), every: 4 };
    const last = await train({ ...whole.run, steps: 12 });
    await train({ ...half.run, steps: 6, checkpoint });
    const steps: number[] = [];
    const resumed = await train({ ...rest.run, steps: 12, checkpoint, onProgress: ({ step }) => void steps.push(step) });
    expect(steps).toEqual([7, 8, 9, 10, 11, 12]);
    expect(without(resumed!)).toEqual(without(last!));
    expect(await bits(rest.model.parameters())).toEqual(await bits(whole.model.parameters()));
    expect(await train({ ...rest.run, steps: 12, checkpoint })).toBeUndefined();
    for (const each of [whole, half, rest]) each.end();
    expect(memory().numTensors).toBe(start);
  });

  it("refuses a checkpoint that could not be saved before the first step", async () => {
    const { run, end } = setUp();
    const steps: number[] = [];
    const refused = async (checkpoint: unknown) => {
      const onProgress = ({ step }: TrainingProgress) => void steps.push(step);
      return train({ ...run, steps: 3, onProgress, checkpoint: checkpoint as never }).catch(String);
    };
    const store = new MemoryCheckpointStore();
    expect(await refused({})).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.store must be an object with save() and load(), got undefined"`,
    );
    expect(await refused({ store: "model.safetensors" })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.store must be an object with save() and load(), got "model.safetensors""`,
    );
    const [save, load] = [async () => {}, async () => undefined];
    expect(await refused({ store: { save } })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.store must be an object with save() and load(), got an object"`,
    );
    expect(await refused({ store: { save, load }, format: { write: save } })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.format must be an object with write() and read(), got an object"`,
    );
    expect(await refused({ store, format: "safetensors" })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.format must be an object with write() and read(), got "safetensors""`,
    );
    expect(await refused("model.safetensors")).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint must be an object, got "model.safetensors""`,
    );
    await expect(train(undefined as never)).rejects.toThrow("train: options must be an object, got undefined");
    expect(await refused(null)).toMatchInlineSnapshot(`"ValueError: train: checkpoint must be an object, got null"`);
    expect(await refused({ store, every: 0 })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.every must be an integer >= 1, got 0"`,
    );
    expect(await refused({ store, evry: 2 })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint must be without unknown names, got evry; see its type for the known ones"`,
    );
    expect(steps).toEqual([]);
    end();
  });

  it("keeps the last checkpoint when it diverges", async () => {
    const { run, model, end } = setUp();
    const store = new MemoryCheckpointStore();
    const loss = (batch: TokenBatch, context: LossContext) =>
      scope(() => mul(model.loss(batch, context), context.step === 6 ? Infinity : 1));
    const training = train({ ...run, loss, steps: 9, checkpoint: { store, every: 2 } });
    await expect(training).rejects.toThrow(TrainingDiverged);
    const saved = await safetensorsFormat.read((await store.load())!);
    expect(saved.metadata["tfblocks.training"]).toContain('"step":4');
    dispose(saved.state);
    end();
  });
});

describe("loadCheckpoint", () => {
  beforeAll(() => useBackend("cpu"));

  it("sets model and optimizer, or neither", async () => {
    const { run, model, optimizer, end } = setUp();
    const trainer = new Trainer(run);
    await collect(trainer, 1);
    const { state, metadata } = trainer.checkpoint();
    await collect(trainer, 2);
    const [before, moments] = [await bits(model.parameters()), optimizer.stateDict()];
    const { "optimizer.m.table": moment, ...partial } = state;
    const load = (changed: object) => () => loadCheckpoint({ model, optimizer }, { state, metadata, ...changed });
    expect(load({ state: partial })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: AdamW.loadStateDict: state does not match the parameters: missing "m.table"]`,
    );
    const one = tensor2d([[1]]);
    expect(load({ state: { ...state, "optimizer.m.table": one, "optimizer.v.table": one } })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: AdamW.loadStateDict: state does not match the parameters: "m.table" is [1, 1], expected [11, 12]; "v.table" is [1, 1], expected [11, 12]]`,
    );
    one.dispose();
    expect(load({ state: null })).toThrow(/loadCheckpoint: state must be an object, got null/);
    expect(load({ metadata: {} })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: metadata must be that of a checkpoint of version 1, under "tfblocks.training", got none; save it with saveCheckpoint of this version]`,
    );
    expect(load({ metadata: { "tfblocks.training": '{"version":2}' } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: metadata must be that of a checkpoint of version 1, under "tfblocks.training", got {"version":2}; save it with saveCheckpoint of this version]`,
    );
    expect(load({ metadata: { "tfblocks.training": "{" } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: metadata must be that of a checkpoint of version 1, under "tfblocks.training", got {; save it with saveCheckpoint of this version]`,
    );
    expect(load({ metadata: { "tfblocks.training": '{"version":1,"step":-1,"batch":0,"seed":0}' } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: step must be an integer >= 0, got -1]`,
    );
    expect(await bits(model.parameters())).toEqual(before);
    const kept = optimizer.stateDict();
    expect([...kept["m.table"]!.dataSync()]).toEqual([...moments["m.table"]!.dataSync()]);
    expect(moment!.isDisposed).toBe(false);
    dispose([state, moments, kept] as never);
    end();
  });
});

describe("a loss of plain tensors", () => {
  beforeAll(() => useBackend("cpu"));

  it("trains whatever has parameters", async () => {
    const weight = parameter(() => tensor2d([[4]]));
    const last = await train({
      model: { parameters: () => ({ weight }) },
      optimizer: new AdamW({ learningRate: 0.5, weightDecay: 0 }),
      batches: () => undefined,
      loss: () => sum(reshape(mul(weight, weight), [1])),
      steps: 30,
    });
    expect(last!.loss).toBeLessThan(1);
    weight.dispose();
  });
});
