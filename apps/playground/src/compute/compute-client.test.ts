import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ComputeClient } from "./compute-client.js";
import { WorkerLost, askAgain } from "./worker-lost.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker that lives in this thread, without locks. */
class FakeWorker extends EventTarget {
  readonly calls = {
    start: async () => this.info,
    ping: () => (this.isDead ? new Promise<void>(() => {}) : Promise.resolve()),
    room: {
      slow: () => new Promise<string>((resolve) => (this.answer = resolve)),
      trap: async () => throwTrap(),
      large: async () => (this.isSmall ? shortage : { ok: true, result: "large" }),
    },
  };
  readonly info = { kernels: "fast" } as never;
  answer: (text: string) => void = () => {};
  isDead = false;
  /** Whether there is too little memory for `large`. */
  isSmall = true;

  constructor() {
    super();
    setTimeout(() => this.tell("unlocked"), 10);
    setTimeout(() => this.tell("listening"), 12);
  }

  tell(data: string): void {
    if (!this.isDead) this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  terminate(): void {
    this.isDead = true;
  }

  /** The browser tells the page of an error that nothing has caught. */
  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error", { cancelable: true }), { message }));
  }
}

const shortage = { ok: false, failure: { field: "text", sentence: "There is not enough memory.", isShortOfMemory: true } };

function throwTrap(): never {
  throw Object.assign(new Error("unreachable"), { name: "RuntimeError" });
}

function startClient() {
  const workers: FakeWorker[] = [];
  const problems: string[] = [];
  const open = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return { worker: worker as never, calls: worker.calls, lock: "lock" };
  };
  const client = new ComputeClient(open, (problem) => problems.push(problem));
  return { client, workers, problems };
}

/** Lets the newest worker start. */
const started = () => vi.advanceTimersByTimeAsync(20);

test("a call is answered by the worker", async () => {
  const { client, workers } = startClient();
  await started();
  const answer = (await client.calls).room.slow();
  await vi.advanceTimersByTimeAsync(0);
  workers[0]!.answer("done");
  expect(await answer).toBe("done");
  expect(client.state.value.phase).toBe("ready");
});

test("calls reject when WebAssembly breaks off, and the next worker answers them", async () => {
  const { client, workers } = startClient();
  await started();
  const { room } = await client.calls;
  const slow = room.slow().catch((error: unknown) => error);
  await expect(room.trap()).rejects.toThrow("because a computation broke off inside WebAssembly");
  expect(await slow).toBeInstanceOf(WorkerLost);
  expect(workers[0]!.isDead).toBe(true);
  const again = askAgain(async () => (await client.calls).room.slow());
  await started();
  workers[1]!.answer("done");
  expect(await again).toBe("done");
  expect(client.state.value).toMatchObject({ phase: "ready", lost: "a computation broke off inside WebAssembly" });
});

test("a worker that was lost answers no later call", async () => {
  const { client, workers } = startClient();
  await started();
  const { room } = await client.calls;
  workers[0]!.fail("Uncaught RuntimeError: unreachable");
  await expect(room.slow()).rejects.toThrow(WorkerLost);
});

test("what lacks memory is asked once more, in a new worker", async () => {
  const { client, workers } = startClient();
  await started();
  const { room } = await client.calls;
  const slow = room.slow().catch((error: unknown) => error);
  const large = askAgain(async () => (await client.calls).room.large());
  await vi.advanceTimersByTimeAsync(0);
  workers[1]!.isSmall = false;
  await started();
  expect([await large, await slow, workers[0]!.isDead]).toEqual([{ ok: true, result: "large" }, expect.any(WorkerLost), true]);
  expect([workers.length, client.state.value]).toMatchObject([2, { phase: "ready", lost: "there was not enough memory" }]);
});

test("what lacks memory twice is a failure, however often; each worker gives its memory back", async () => {
  const { client, workers } = startClient();
  await started();
  for (let each = 1; each <= 3; each++) {
    const large = askAgain(async () => (await client.calls).room.large());
    await started();
    await started();
    expect(await large).toEqual(shortage);
    expect([workers.length, client.state.value.phase]).toEqual([1 + 2 * each, "ready"]);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(workers.filter(({ isDead }) => !isDead)).toEqual([workers.at(-1)]);
});

test("a start that lacks memory is a failure, and is not tried again", async () => {
  const { client, workers } = startClient();
  workers[0]!.calls.start = async () => Promise.reject(new RangeError("WebAssembly.Memory(): could not allocate memory"));
  await started();
  expect(client.state.value).toMatchObject({
    phase: "failed",
    failure: { sentence: "There is not enough memory to start the part of the page that computes." },
  });
  expect(workers).toHaveLength(1);
});

test("an error that no call has caught is reported, and the worker lives on", async () => {
  const { client, workers, problems } = startClient();
  await started();
  workers[0]!.fail("Uncaught Error: a surprise");
  expect(problems).toEqual(["Uncaught Error: a surprise"]);
  expect(workers).toHaveLength(1);
  expect(client.state.value.phase).toBe("ready");
});

test("without locks a silent worker with nothing to do is replaced; a busy one is only called silent", async () => {
  const { client, workers } = startClient();
  await started();
  const busy = (await client.calls).room.slow();
  busy.catch(() => {});
  workers[0]!.calls.ping = () => new Promise(() => {});
  await vi.advanceTimersByTimeAsync(30_000);
  expect(client.isSilent.value).toBe(true);
  expect(workers).toHaveLength(1);
  client.restart();
  await expect(busy).rejects.toThrow("because it was stopped");
  await started();
  expect([workers.length, client.isSilent.value, client.state.value.phase]).toEqual([2, false, "ready"]);
  workers[1]!.isDead = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(workers).toHaveLength(3);
});

test("those who listen get each new worker before its calls are given out", async () => {
  const { client, workers } = startClient();
  await started();
  const seen: unknown[] = [];
  const stop = client.onStart(async (calls) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    seen.push(calls.room);
  });
  workers[0]!.fail("RuntimeError: unreachable");
  const calls = vi.fn<() => void>();
  client.calls.then(calls, calls);
  await started();
  expect(calls).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect([seen.length, calls.mock.calls.length]).toEqual([1, 1]);
  stop();
  workers[1]!.fail("RuntimeError: unreachable");
  await started();
  expect([seen.length, client.state.value.phase]).toEqual([1, "ready"]);
});

test("after three losses in a row nothing starts by itself, and a restart starts again", async () => {
  const { client, workers } = startClient();
  for (let each = 0; each < 3; each++) {
    await started();
    workers.at(-1)!.fail("RuntimeError: unreachable");
  }
  expect(client.state.value).toMatchObject({ phase: "failed", failure: { sentence: expect.stringContaining("stopped 3 times in a row") } });
  await expect(client.calls).rejects.toThrow("stopped 3 times in a row");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(workers).toHaveLength(3);
  client.restart();
  await started();
  expect(client.state.value.phase).toBe("ready");
  await expect(client.calls).resolves.toBeDefined();
});

test("losses with a minute between them are not in a row", async () => {
  const { client, workers } = startClient();
  for (let each = 0; each < 5; each++) {
    await started();
    await vi.advanceTimersByTimeAsync(61_000);
    workers.at(-1)!.fail("RuntimeError: unreachable");
  }
  await started();
  expect(client.state.value.phase).toBe("ready");
});

test("a worker whose script cannot be loaded is a failure that says what to do", async () => {
  const { client, workers } = startClient();
  workers[0]!.fail("");
  await vi.advanceTimersByTimeAsync(0);
  expect(client.state.value).toMatchObject({
    phase: "failed",
    failure: { sentence: "A file that the page needs for computing could not be fetched.", detail: "its script could not be loaded." },
  });
  expect(workers).toHaveLength(1);
});

test("a worker that dies before it gives a sign of life is replaced", async () => {
  const { client, workers } = startClient();
  workers[0]!.isDead = true;
  await vi.advanceTimersByTimeAsync(16_000);
  expect([workers.length, client.state.value.phase]).toEqual([2, "ready"]);
});

test("a worker that does not start within a minute is a failure", async () => {
  const { client, workers } = startClient();
  workers[0]!.calls.start = () => new Promise(() => {});
  await vi.advanceTimersByTimeAsync(61_000);
  expect(client.state.value).toMatchObject({ phase: "failed", failure: { sentence: expect.stringContaining("within a minute") } });
});
