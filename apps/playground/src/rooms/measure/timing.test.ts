import { expect, test } from "vitest";
import { summarize, timeCalls } from "./timing.js";

/** A clock that calls move on. */
class Clock {
  #time = 0;
  readonly now = (): number => this.#time;

  /** A call that takes these times, one after the other, and then always the last one. */
  call(...durations: number[]): () => void {
    let calls = 0;
    return () => void (this.#time += durations[Math.min(calls++, durations.length - 1)]!);
  }
}

test("the first call is not timed, and slow calls are timed alone", () => {
  const clock = new Clock();
  expect(timeCalls([clock.call(50, 10, 30, 20, 40)], 60, clock.now)).toEqual([{ median: 20, least: 10, most: 30, runs: 3 }]);
});

test("fast calls are timed together, because clocks are coarse", () => {
  const clock = new Clock();
  expect(timeCalls([clock.call(0.125)], 10, clock.now)).toEqual([{ median: 0.125, least: 0.125, most: 0.125, runs: 5 }]); // of 16 calls, 2 ms
});

test("calls that are compared take turns and share the budget", () => {
  const clock = new Clock();
  const timings = timeCalls([clock.call(4), clock.call(16)], 100, clock.now);
  expect(timings.map(({ median, runs }) => [median, runs])).toEqual([
    [4, 5],
    [16, 5],
  ]);
});

test("a call that is slower than the budget is timed three times", () => {
  const clock = new Clock();
  expect(timeCalls([clock.call(200)], 100, clock.now)).toEqual([{ median: 200, least: 200, most: 200, runs: 3 }]);
});

test("the median of an even number of times is between the middle two", () => {
  expect(summarize([4, 1, 2, 9])).toEqual({ median: 3, least: 1, most: 9, runs: 4 });
});
