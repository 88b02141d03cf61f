import { expect, test, vi } from "vitest";
import type { Outcome } from "./outcome.js";
import type { Task } from "./task.js";
import { LiveResult } from "./live-result.js";
import { TooLate } from "./too-late.js";

/** A result whose requests are answered by hand. */
function manual() {
  const asked: { input: number; task: Task; answer: (outcome: Outcome<string> | undefined) => void }[] = [];
  const live = new LiveResult<number, string>((input, task) => new Promise((answer) => asked.push({ input, task, answer })));
  return { live, asked };
}

const ok = (result: string): Outcome<string> => ({ ok: true, result });

test("the old result stays until the new one is there, and a newer request cancels an older one", async () => {
  const { live, asked } = manual();
  live.request(1);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]!.answer(ok("one"));
  await vi.waitFor(() => expect(live.answered.value).toEqual({ input: 1, result: "one" }));
  live.request(2);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  live.request(3);
  expect(asked[1]!.task.isCancelled).toBe(true);
  asked[1]!.answer(undefined);
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect([live.answered.value?.input, live.busy.value]).toEqual([1, true]);
  asked[2]!.answer(ok("three"));
  await vi.waitFor(() => expect(live.answered.value?.input).toBe(3));
  expect(live.busy.value).toBe(false);
});

test("a failure keeps the old result, and the same can be asked again", async () => {
  const { live, asked } = manual();
  live.request(1);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]!.answer(ok("one"));
  await vi.waitFor(() => expect(live.busy.value).toBe(false));
  live.request(2);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]!.answer({ ok: false, failure: { field: "text", sentence: "No." } });
  await vi.waitFor(() => expect(live.failure.value?.sentence).toBe("No."));
  expect(live.answered.value?.result).toBe("one");
  live.again();
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect(asked[2]!.input).toBe(2);
});

test("a result that nobody wants any more is dropped", async () => {
  const { live, asked } = manual();
  live.request(1);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  live.clear();
  asked[0]!.answer(ok("one"));
  await vi.waitFor(() => expect(live.task.value).toBeUndefined());
  expect(live.answered.value).toBeUndefined();
});

test("a request that is cleared while it waits is not made", async () => {
  const ask = vi.fn<() => Promise<Outcome<string>>>(async () => ok("one"));
  const live = new LiveResult<number, string>(ask, 1);
  live.request(1);
  live.clear();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ask).not.toHaveBeenCalled();
});

test("a call that comes too late is no failure", async () => {
  const live = new LiveResult<number, string>(async (input) => {
    if (input === 2) throw new TooLate("Nobody wants it.");
    return ok("one");
  });
  live.request(1);
  await vi.waitFor(() => expect(live.answered.value?.input).toBe(1));
  live.request(2);
  await vi.waitFor(() => expect(live.busy.value).toBe(false));
  expect([live.failure.value, live.answered.value?.result]).toEqual([undefined, "one"]);
});
