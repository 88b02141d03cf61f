import { holdLock } from "../compute/life-lock.js";

export type { WorkerCalls } from "./serve-calls.js";

postMessage((await holdLock(self.name)) ? "locked" : "unlocked");

// The entry must not export a value: Safari runs a worker's entry again when one of its chunks imports from it.
await import("./serve-calls.js");
