import { dispose, memory, mul, reshape, sum, tensor2d } from "@tensorflow/tfjs-core";
import { parameter, scope } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { TokenBatch } from "@tfblocks/text";
import {
  AdamW,
  InMemoryCheckpointStore,
  type LossContext,
  safetensorsFormat,
  train,
  TrainingDiverged,
  type TrainingProgress,
} from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";
import { bits, setUp, withoutSpeed } from "./testing/tiny-run.js";

describe("train with a checkpoint store", () => {
  beforeAll(() => useBackend("cpu"));

  it("resumes from the checkpoint in its store", async () => {
    const start = memory().numTensors;
    const [whole, half, remainder] = [use(setUp()), use(setUp()), use(setUp())];
    const checkpoint = { store: new InMemoryCheckpointStore(), every: 4 };
    const last = await train({ ...whole.run, steps: 12 });
    await train({ ...half.run, steps: 6, checkpoint });
    const steps: number[] = [];
    const resumed = await train({ ...remainder.run, steps: 12, checkpoint, onProgress: ({ step }) => void steps.push(step) });
    expect(steps).toEqual([7, 8, 9, 10, 11, 12]);
    expect(withoutSpeed(resumed!)).toEqual(withoutSpeed(last!));
    expect(await bits(remainder.model.parameters())).toEqual(await bits(whole.model.parameters()));
    expect(await train({ ...remainder.run, steps: 12, checkpoint })).toBeUndefined();
    for (const each of [whole, half, remainder]) each.end();
    expect(memory().numTensors).toBe(start);
  });

  it("keeps the last checkpoint when it diverges", async () => {
    const { run, model, end } = use(setUp());
    const store = new InMemoryCheckpointStore();
    const loss = (batch: TokenBatch, context: LossContext) =>
      scope(() => mul(model.loss(batch, context), context.step === 6 ? Infinity : 1));
    const training = train({ ...run, loss, steps: 9, checkpoint: { store, every: 2 } });
    await expect(training).rejects.toThrow(TrainingDiverged);
    const saved = use(await safetensorsFormat.read((await store.load())!));
    expect(saved.metadata["tfblocks.training"]).toContain('"step":4');
    dispose(saved.state);
    end();
  });
});

describe("train and its options", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid options before the first step", async () => {
    const { run, end } = use(setUp());
    const steps: number[] = [];
    const refused = async (checkpoint: unknown) => {
      const onProgress = ({ step }: TrainingProgress) => void steps.push(step);
      return train({ ...run, steps: 3, onProgress, checkpoint: checkpoint as never }).catch(String);
    };
    const store = new InMemoryCheckpointStore();
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
      `"ValueError: train: checkpoint options must be an object, got "model.safetensors"; known checkpoint options: store, format, every"`,
    );
    await expect(train(undefined as never)).rejects.toThrow("train: options must be an object, got undefined");
    expect(await refused(null)).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint options must be an object, got null; known checkpoint options: store, format, every"`,
    );
    expect(await refused({ store, every: 0 })).toMatchInlineSnapshot(
      `"ValueError: train: checkpoint.every must be an integer >= 1, got 0"`,
    );
    expect(await refused({ store, evry: 2 })).toMatchInlineSnapshot(
      `"UnknownNameError: train: unknown checkpoint option "evry"; known checkpoint options: store, format, every; did you mean "every"?"`,
    );
    await expect(train({ ...run, steps: 0.5 })).rejects.toThrow("train: steps must be an integer >= 0, got 0.5");
    await expect(train({ ...run, steps: 3, epochs: 1 } as never)).rejects.toThrow(
      /train: unknown option "epochs"; known options: model, loss,/,
    );
    await expect(train({ ...run, steps: 3, clip: 0 })).rejects.toThrow("train: clip must be a finite float32 number > 0, got 0");
    expect(steps).toEqual([]);
    end();
  });
});

describe("train without a block", () => {
  beforeAll(() => useBackend("cpu"));

  it("trains any object with parameters", async () => {
    const weight = use(parameter(() => tensor2d([[4]])));
    const last = await train({
      model: { parameters: () => ({ weight }) },
      optimizer: use(new AdamW({ learningRate: 0.5, weightDecay: 0 })),
      batches: () => undefined,
      loss: () => sum(use(() => reshape(mul(weight, weight), [1]))),
      steps: 30,
    });
    expect(last!.loss).toBeLessThan(1);
  });
});
