import { removeBackend, softmax, tensor2d, type Tensor } from "@tensorflow/tfjs-core";
import { setupWasm } from "@tfblocks/wasm";
import { CapturedStep } from "@tfblocks/tensor-utils/steps";
import { use } from "@tfblocks/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { kernelNumbers } from "../generated/kernel-modules.js";
import { startSaboteur } from "../testing/saboteur.js";
import { canShareMemory, inNode, mayWait } from "./features.js";
import { compileKernels, instantiateKernels } from "./kernel-module.js";
import { Pool } from "./pool.js";

const numbers = (count: number) => Float32Array.from({ length: count }, (_, index) => Math.sin(index * 1.7) * 3);
const many = numbers(2 ** 20);
const large = () => tensor2d(many, [1024, 1024]);

/** A fingerprint of every bit of the softmax of a tensor. */
async function softmaxOf(x: Tensor): Promise<number> {
  const y = softmax(x);
  await new Promise((resolve) => setTimeout(resolve)); // lets messages of workers arrive
  const values = new Uint32Array((await y.data()).buffer);
  y.dispose();
  return values.reduce((print, word) => (Math.imul(print, 31) + word) | 0, 0);
}

describe.runIf(canShareMemory())("a pool", () => {
  it.each([2, 3, 4])("of %i threads runs 200,000 tiny jobs in a row with the results of one thread", async (threads) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const module = await compileKernels({ relaxed: false, shared: true });
    const kernels = await instantiateKernels(module, memory);
    const [control, x, y, columns, kinds] = [1024, 4096, 32768, 19, 8];
    const rowsOf = (kind: number) => 2 + kind;
    const pool = await Pool.start({ module, memory, control }, threads - 1, 5000);
    expect([pool.size, pool.refusal]).toEqual([threads - 1, undefined]);
    new Float32Array(memory.buffer, x, rowsOf(kinds) * columns).set(numbers(rowsOf(kinds) * columns));
    const words = new Uint32Array(memory.buffer, control + kernels.argumentsOffset());
    const output = new Uint32Array(memory.buffer, y, rowsOf(kinds) * columns);
    const prepare = (kind: number) => {
      words.set([x + kind * 4, y, rowsOf(kind), columns, 1]);
      output.fill(0);
    };
    const expected = Array.from({ length: kinds }, (_, kind) => {
      prepare(kind);
      kernels.runAlone(control, kernelNumbers.softmax, rowsOf(kind));
      return output.slice();
    });
    const isRight = (kind: number) => expected[kind]!.every((word, index) => output[index] === word);
    let wrong = 0;
    for (let job = 0; job < 200_000; job++) {
      const kind = job % kinds;
      prepare(kind);
      const done = kernels.runShared(control, kernelNumbers.softmax, rowsOf(kind), mayWait ? 1 : 0, 4000);
      if (done === 0 || !isRight(kind)) wrong++;
    }
    pool.terminate();
    expect(wrong).toBe(0);
  });
});

describe.runIf(canShareMemory())("with threads", () => {
  afterEach(() => removeBackend("wasm"));

  it("a heap that grows and moves changes nothing", async () => {
    await setupWasm({ threads: 3 });
    const x = use(large());
    const before = await softmaxOf(x);
    const more = use(Array.from({ length: 30 }, large));
    expect(await softmaxOf(x)).toBe(before);
    expect(await softmaxOf(more[29]!)).toBe(before);
  });

  it("a worker that dies with a task costs a pause, not the result", async () => {
    const starts = vi.spyOn(Pool, "start");
    await setupWasm({ threads: 1 });
    const x = large();
    const expected = await softmaxOf(x);
    x.dispose();
    await setupWasm({ threads: 3 });
    const again = large();
    const saboteur = await startSaboteur(starts.mock.calls.at(-1)![0]);
    while (!saboteur.took()) expect(await softmaxOf(again)).toBe(expected);
    const info = await setupWasm({ threads: 3 });
    expect(info.threads).toEqual({ asked: 3, got: 1 });
    expect(info.refusals).toEqual([expect.stringMatching(/^1 of 3 threads: a worker did not answer for 4 s; dispose all tensors/)]);
    expect(await softmaxOf(again)).toBe(expected);
    again.dispose();
    expect(await setupWasm({ threads: 3 })).toMatchObject({ threads: { got: 3 }, refusals: [] });
  });

  it("keeps working without a worker that is terminated, idle or working", async () => {
    const { workers, restore } = recordWorkers();
    await setupWasm({ threads: 3 });
    restore();
    const x = use(large());
    const expected = await softmaxOf(x);
    expect(workers).toHaveLength(2);
    const ended = workers[0]!.terminate(); // it may still take a task of the next job
    expect(await softmaxOf(x)).toBe(expected);
    await ended;
    expect(await softmaxOf(x)).toBe(expected);
    const { threads, refusals } = await setupWasm({ threads: 3 });
    if (inNode) expect(threads.got).toBeLessThan(3);
    expect(refusals).toHaveLength(3 - threads.got > 0 ? 1 : 0);
  });
});

describe.runIf(canShareMemory())("a step with threads", () => {
  afterEach(() => removeBackend("wasm"));

  it("repeats a captured step when a worker never finishes its task", async () => {
    const starts = vi.spyOn(Pool, "start");
    await setupWasm({ threads: 2 });
    const x = use(large());
    const expected = await softmaxOf(x);
    const step = new CapturedStep(() => softmax(x));
    const print = () => new Uint32Array(step.run().dataSync().slice().buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0);
    for (let run = 0; run < 4; run++) expect(print()).toBe(expected);
    expect(step.isRepeated).toBe(true);
    const saboteur = await startSaboteur(starts.mock.calls.at(-1)![0]);
    for (let run = 0; run < 2000 && !saboteur.took(); run++) {
      expect(print()).toBe(expected);
      await new Promise((resolve) => setTimeout(resolve)); // lets its message arrive
    }
    expect(saboteur.took()).toBe(true);
    expect(print()).toBe(expected);
    expect(step.isRepeated).toBe(true);
    step.dispose();
  });
});

/** The workers of the pool as they are created; browsers do not report that one was terminated. */
function recordWorkers() {
  const workers: { terminate(): unknown }[] = [];
  const [holder, Original] = inNode
    ? [
        process.getBuiltinModule("node:worker_threads") as unknown as typeof globalThis,
        process.getBuiltinModule("node:worker_threads").Worker,
      ]
    : [globalThis, globalThis.Worker];
  class Recorded extends (Original as typeof Worker) {
    constructor(...parameters: ConstructorParameters<typeof Worker>) {
      super(...parameters);
      workers.push(this);
    }
  }
  holder.Worker = Recorded;
  return { workers, restore: () => void (holder.Worker = Original as typeof Worker) };
}
