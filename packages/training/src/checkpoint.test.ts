import { dispose, tensor2d } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { loadCheckpoint, loadCheckpointModel, saveCheckpoint, Trainer } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";
import { bits, collect, setUp } from "./testing/tiny-run.js";

describe("loadCheckpoint", () => {
  beforeAll(() => useBackend("cpu"));

  it("sets both model and optimizer, or neither", async () => {
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
      `[ValueError: loadCheckpoint: metadata must be an object with the position of a checkpoint of version 1 under "tfblocks.training", got none; save the checkpoint with this version of tfblocks]`,
    );
    expect(load({ metadata: { "tfblocks.training": '{"version":2}' } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: metadata must be an object with the position of a checkpoint of version 1 under "tfblocks.training", got {"version":2}; save the checkpoint with this version of tfblocks]`,
    );
    expect(load({ metadata: { "tfblocks.training": "{" } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: metadata must be an object with the position of a checkpoint of version 1 under "tfblocks.training", got {; save the checkpoint with this version of tfblocks]`,
    );
    expect(load({ metadata: { "tfblocks.training": '{"version":1,"step":-1,"batch":0,"seed":0}' } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: loadCheckpoint: step must be an integer >= 0, got -1]`,
    );
    expect(() => loadCheckpoint({ model, optimiser: optimizer } as never, { state, metadata })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: loadCheckpoint: unknown part "optimiser"; known parts: model, optimizer; did you mean "optimizer"?]`,
    );
    expect(await bits(model.parameters())).toEqual(before);
    const after = optimizer.stateDict();
    expect([...after["m.table"]!.dataSync()]).toEqual([...moments["m.table"]!.dataSync()]);
    expect(moment!.isDisposed).toBe(false);
    dispose([state, moments, after] as never);
    end();
  });
});

describe("loadCheckpointModel", () => {
  beforeAll(() => useBackend("cpu"));

  it("sets the model without an optimizer, as loadCheckpoint does", async () => {
    const [trained, fresh] = [use(setUp()), use(setUp({ seed: 3 }))];
    const trainer = new Trainer(trained.run);
    await collect(trainer, 2);
    const checkpoint = use(trainer.checkpoint());
    expect(await bits(fresh.model.parameters())).not.toEqual(await bits(trained.model.parameters()));
    expect(loadCheckpointModel(fresh.model, checkpoint)).toEqual({ step: 2, batch: 2, seed: 9 });
    expect(await bits(fresh.model.parameters())).toEqual(await bits(trained.model.parameters()));
  });

  it("leaves the model alone if anything is wrong", async () => {
    const { run, model } = use(setUp());
    const { state, metadata } = use(new Trainer(run).checkpoint());
    const before = await bits(model.parameters());
    const load = (changed: object) => () => loadCheckpointModel(model, { state, metadata, ...changed });
    const { "model.table": table, ...partial } = state;
    expect(load({ state: partial })).toThrow('loadCheckpointModel: state does not match the parameters: missing "table"');
    expect(load({ state: { ...state, "model.extra": table! } })).toThrow('unexpected "extra"');
    expect(load({ metadata: {} })).toThrow(/loadCheckpointModel: metadata must be an object with the position of a checkpoint/);
    expect(load({ state: null })).toThrow("loadCheckpointModel: state must be an object, got null");
    expect(() => loadCheckpointModel({} as never, { state, metadata })).toThrow(
      "loadCheckpointModel: model must be an object with parameters(), got an object",
    );
    expect(await bits(model.parameters())).toEqual(before);
  });
});

it("saveCheckpoint rejects unknown parts and positions that are not integers", () => {
  const { model, optimizer, run, end } = setUp();
  expect(() => saveCheckpoint(run as never, { step: 1, batch: 1, seed: 0 })).toThrow(
    /saveCheckpoint: unknown parts .*; known parts: model, optimizer/,
  );
  expect(() => saveCheckpoint({ model, optimizer }, { step: 1, batch: 1 } as never)).toThrow(
    "saveCheckpoint: seed must be an integer >= 0",
  );
  expect(() => saveCheckpoint({ model, optimizer }, { step: 1, batch: 1, seed: 0, epoch: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: saveCheckpoint: unknown position name "epoch"; known position names: step, batch, seed]`,
  );
  end();
});
