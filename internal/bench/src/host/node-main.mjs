import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createHost } from "./host.mjs";
import { load } from "./load.mjs";
import { openContenders } from "./open-contenders.mjs";
import { serve } from "./serve.mjs";

/** tfjs's WASM module defines a global Worker in Node.js, and jax-js then takes the process for a browser. */
function hideWorker() {
  delete globalThis.Worker;
}

function startWorker(source) {
  const port =
    "const { parentPort } = require('node:worker_threads');\nconst port = { postMessage: (m) => parentPort.postMessage(m) };\nparentPort.on('message', (data) => port.onmessage({ data }));\n";
  const worker = new Worker(port + source, { eval: true });
  const ask = async (message) => {
    const answer = once(worker, "message");
    worker.postMessage(message); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread has no origin
    return (await answer)[0];
  };
  return { ask, end: () => worker.terminate() };
}

serve(createHost({ name: `Node.js ${process.versions.node}`, load, startWorker, hideWorker }, openContenders));
