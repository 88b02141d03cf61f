export type { ComputeCalls } from "./serve-calls.js";

// No value is here to be imported: Safari runs a worker's entry once more when one of its chunks imports from it.
await import("./serve-calls.js");
