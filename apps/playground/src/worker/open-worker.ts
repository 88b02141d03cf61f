import { type Remote, wrap } from "comlink";
import type { OpenWorker } from "../compute/worker-life.js";
import type { WorkerCalls } from "./compute.worker.js";

/** Opens the compute worker. Its name is that of its lock. */
export function openWorker(): OpenWorker<Remote<WorkerCalls>> {
  const lock = `tfblocks-worker-${Math.random()}`;
  const worker = new Worker(new URL("./compute.worker.ts", import.meta.url), { type: "module", name: lock });
  return { worker, calls: wrap<WorkerCalls>(worker), lock };
}
