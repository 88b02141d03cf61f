import { inNode } from "../runtime/features.js";

/** Takes one task of the next job and never finishes it, like a worker that is terminated during a task. */
const source = `({ memory, control }, answer) => {
  const ticket = new BigUint64Array(memory.buffer, control, 1);
  answer("ready");
  for (;;) {
    const seen = Atomics.load(ticket, 0);
    if ((seen & 0xffffffffn) < seen >> 32n && Atomics.compareExchange(ticket, 0, seen, seen + 1n) === seen) break;
  }
  answer("took");
}`;

/** A thread that is ready to take a task away from a pool; `took` tells whether it has. */
export function startSaboteur(start: { readonly memory: WebAssembly.Memory; readonly control: number }): Promise<{ took(): boolean }> {
  const data = { memory: start.memory, control: start.control };
  let word = "";
  return new Promise((resolve) => {
    const listen = (heard: string) => {
      word = heard;
      resolve({ took: () => word === "took" });
    };
    if (inNode) startInNode(data, listen);
    else startInBrowser(data, listen);
  });
}

function startInNode(workerData: object, listen: (word: string) => void): void {
  const { Worker: NodeWorker } = process.getBuiltinModule("node:worker_threads");
  const code = `const { parentPort, workerData } = require("node:worker_threads"); (${source})(workerData, (word) => parentPort.postMessage(word));`;
  new NodeWorker(code, { eval: true, workerData }).on("message", listen).unref();
}

function startInBrowser(data: object, listen: (word: string) => void): void {
  const code = `onmessage = ({ data }) => (${source})(data, (word) => postMessage(word));`;
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  worker.addEventListener("message", (event: MessageEvent<string>) => listen(event.data));
  worker.postMessage(data, []);
}
