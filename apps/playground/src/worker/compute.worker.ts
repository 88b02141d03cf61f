export type { WorkerCalls } from "./serve-calls.js";

// The entry must not export a value: Safari runs a worker's entry again when one of its chunks imports from it.
await import("./serve-calls.js");
