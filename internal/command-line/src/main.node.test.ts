import { afterEach, expect, it, vi } from "vitest";
import { stopOnSignals } from "./main.js";

afterEach(() => {
  vi.useRealTimers();
});

it("a Ctrl-C that arrives twice asks to stop once, and another one ends the process", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const [stop, release] = stopOnSignals();
  process.emit("SIGINT");
  process.emit("SIGINT"); // npm forwards the signal that the terminal has already sent
  expect([stop.aborted, exit.mock.calls]).toEqual([true, []]);
  vi.advanceTimersByTime(2000);
  process.emit("SIGINT");
  release();
  process.emit("SIGINT");
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});
