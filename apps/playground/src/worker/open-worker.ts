import { type Remote, wrap } from "comlink";
import type { OpenWorker } from "../compute/compute-client.js";
import type { WorkerCalls } from "./compute.worker.js";

/** Opens the compute worker. */
export function openWorker(): OpenWorker<Remote<WorkerCalls>> {
  const worker = new Worker(new URL("./compute.worker.ts", import.meta.url), { type: "module" });
  return { worker, calls: wrap<WorkerCalls>(worker) };
}
