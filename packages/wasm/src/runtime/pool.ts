import { inNode } from "./features.js";

/** Workers that serve one control block; they start idle. */
export interface Pool {
  /** Workers that answered, the calling thread not counted. */
  readonly size: number;
  /** Why it is smaller than asked; absent when it is not. */
  readonly refusal?: string;
  /** Ends the workers at once, whatever they do. */
  terminate(): void;
}

/** What a worker needs: its own instance of the kernels over the shared memory. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly thread: number;
}

export const noPool: Pool = { size: 0, terminate() {} };

/** A worker never returns from `serve` while the pool lives, so it says that it is ready before. */
const body = `({ module, memory, control, thread }, answer) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, now: () => performance.now() } });
  answer("ready");
  exports.serve(control, thread);
}`;
const browserSource = `onmessage = ({ data }) => { (${body})(data, (word) => postMessage(word)); close(); };`;
const nodeSource = `const { parentPort, workerData } = require("node:worker_threads"); (${body})(workerData, (word) => parentPort.postMessage(word));`;

/**
 * Starts workers and waits until they answer, at most `timeout` milliseconds; those that do not are ended. Never
 * throws: what was refused is in `refusal`.
 */
export async function startPool(start: Omit<WorkerStart, "thread">, size: number, timeout: number): Promise<Pool> {
  const attempts = Array.from({ length: size }, (_, index) => startWorker({ ...start, thread: index + 1 }, timeout));
  const outcomes = await Promise.all(attempts);
  const workers = outcomes.filter((outcome): outcome is RunningWorker => typeof outcome !== "string");
  const refusal = outcomes.find((outcome): outcome is string => typeof outcome === "string");
  return {
    size: workers.length,
    ...(refusal !== undefined && { refusal }),
    terminate: () => workers.forEach((worker) => worker.terminate()),
  };
}

interface RunningWorker {
  terminate(): void;
}

/** The worker once it answered, or why there is none. */
function startWorker(start: WorkerStart, timeout: number): Promise<RunningWorker | string> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (outcome: RunningWorker | string) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    try {
      const worker = inNode ? nodeWorker(start, settle) : browserWorker(start, settle);
      timer = setTimeout(() => {
        worker.terminate();
        settle(`a worker did not answer within ${timeout} ms`);
      }, timeout);
    } catch (error) {
      settle(`a worker could not be started: ${String(error)}`);
    }
  });
}

type Settle = (outcome: RunningWorker | string) => void;

function browserWorker(start: WorkerStart, settle: Settle): RunningWorker {
  const url = URL.createObjectURL(new Blob([browserSource], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.addEventListener("message", () => {
    URL.revokeObjectURL(url);
    settle(worker);
  });
  worker.addEventListener("error", (event) => {
    URL.revokeObjectURL(url);
    settle(`a worker could not be started: ${event.message || "the page's content security policy may forbid worker-src blob:"}`);
  });
  worker.postMessage(start, []);
  return worker;
}

/** Nothing of it keeps the process alive. */
function nodeWorker(start: WorkerStart, settle: Settle): RunningWorker {
  const { Worker: NodeWorker } = process.getBuiltinModule("node:worker_threads");
  const worker = new NodeWorker(nodeSource, { eval: true, workerData: start, execArgv: [], env: {} });
  const running = { terminate: () => void worker.terminate() };
  worker.once("message", () => {
    worker.unref();
    settle(running);
  });
  worker.once("error", (error) => settle(`a worker could not be started: ${String(error)}`));
  return running;
}
