import { type ProxyMarked, type Remote, wrap } from "comlink";
import type { TaskPort } from "../../compute/task.js";
import { type LifeCalls, WorkerLife } from "../../compute/worker-life.js";
import type { WasmInfo } from "@tfblocks/wasm";
import type { BackendFigures } from "./figures.js";

/** What a worker of the page serves, as far as it is used here. */
interface ServedCalls {
  start(threads?: number): Promise<WasmInfo>;
  ping(): Promise<void>;
  readonly measure: ProxyMarked & { measureBackend(info: WasmInfo, port: TaskPort): Promise<BackendFigures | undefined> };
}

/**
 * Measures in a worker of its own, so that neither open models nor a training share its memory, and which can have any number of
 * threads. It ends afterwards.
 *
 * @param address the script of the compute worker
 * @param threads default as many as the page has
 * @returns undefined after a cancel
 */
export async function measureInWorker(address: string, threads: number | undefined, port: TaskPort): Promise<BackendFigures | undefined> {
  const lock = `tfblocks-measuring-${Math.random()}`; // the worker holds a lock of its name
  const worker = new Worker(address, { type: "module", name: lock });
  const served = wrap<ServedCalls>(worker);
  let info: WasmInfo | undefined;
  const calls: LifeCalls & Pick<Remote<ServedCalls>, "measure"> = {
    start: async () => (info = await served.start(threads)),
    ping: () => served.ping(),
    measure: served.measure,
  };
  const life = new WorkerLife({ worker, calls, lock }, { onLost: () => {}, onSilent: () => {}, onShortage: () => {}, onProblem: () => {} });
  try {
    await life.start();
    return await life.calls.measure.measureBackend(info!, port);
  } finally {
    life.end("the measurement is over");
  }
}
