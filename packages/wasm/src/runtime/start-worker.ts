import { inNode } from "./features.js";

/** What a worker needs: its own instance of the kernels over the shared memory. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly thread: number;
}

export interface RunningWorker {
  /** Terminates it immediately. */
  terminate(): void;
}

/** A worker does not return from `serve` while the pool lives, so it reports that it is ready before. */
const body = `({ module, memory, control, thread }, answer) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } });
  answer("ready");
  exports.serve(control, thread);
}`;
const browserSource = `onmessage = ({ data }) => { (${body})(data, (word) => postMessage(word)); close(); };`;
const nodeSource = `const { parentPort, workerData } = require("node:worker_threads"); (${body})(workerData, (word) => parentPort.postMessage(word));`;

interface Events {
  readonly ready: () => void;
  readonly ended: (reason: string) => void;
}

/**
 * Starts a worker and waits until it serves.
 *
 * @param died called when the worker ends later, for whatever reason
 * @throws Error that says why the worker did not start
 */
export function startWorker(start: WorkerStart, timeout: number, died: (worker: RunningWorker) => void): Promise<RunningWorker> {
  return new Promise((resolve, reject) => {
    const ended = (reason: string) => {
      clearTimeout(timer);
      worker.terminate();
      died(worker);
      reject(new Error(reason)); // no effect once the promise is resolved
    };
    const ready = () => {
      clearTimeout(timer);
      resolve(worker);
    };
    const worker = inNode ? nodeWorker(start, { ready, ended }) : browserWorker(start, { ready, ended });
    const timer = setTimeout(() => ended(`a worker did not answer within ${timeout} ms; try a longer timeout`), timeout);
  });
}

function browserWorker(start: WorkerStart, { ready, ended }: Events): RunningWorker {
  const url = URL.createObjectURL(new Blob([browserSource], { type: "text/javascript" }));
  try {
    const worker = new Worker(url);
    worker.addEventListener("message", ready);
    worker.addEventListener("error", ({ message }) => ended(message ? `a worker failed (${message})` : `a worker was refused; ${allow}`));
    for (const event of ["message", "error"]) worker.addEventListener(event, () => URL.revokeObjectURL(url));
    worker.postMessage(start, []);
    return worker;
  } catch (error) {
    URL.revokeObjectURL(url);
    throw new Error(`a worker was refused (${String(error)}); ${allow}`, { cause: error });
  }
}

const allow = "the page's content security policy must allow worker-src blob:";

/** Once it has answered, it does not keep the process alive. */
function nodeWorker(start: WorkerStart, { ready, ended }: Events): RunningWorker {
  const { Worker: NodeWorker } = process.getBuiltinModule("node:worker_threads");
  const worker = new NodeWorker(nodeSource, { eval: true, workerData: start, execArgv: [], env: {} });
  worker.once("message", () => {
    worker.unref();
    ready();
  });
  worker.on("error", (error) => ended(`a worker failed (${String(error)})`));
  worker.once("exit", () => ended("a worker ended before it answered"));
  return { terminate: () => void worker.terminate() };
}
