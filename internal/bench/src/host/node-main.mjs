import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { createHost } from "./host.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** tfjs and the packages come from the workspace, built, so that all share one tfjs-core. */
const fromWorkspace = {
  "@tensorflow/tfjs-core": [".", "@tensorflow/tfjs-core"],
  "@tensorflow/tfjs-backend-wasm": [".", "@tensorflow/tfjs-backend-wasm"],
  "stock tfjs-backend-wasm": [".", "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.js"],
  "@tensorflow/tfjs-backend-cpu": ["internal/testkit", "@tensorflow/tfjs-backend-cpu"],
};

function load(library) {
  if (library.startsWith("packages/")) return import(pathToFileURL(`${root}${library}`).href); // the rows of a block
  const [folder, name] = fromWorkspace[library] ?? ownFolder(library) ?? ["internal/bench", library];
  const path = createRequire(`${root}${folder}/package.json`).resolve(name);
  return import(pathToFileURL(path).href);
}

/** `@tfblocks/masks/torch` -> packages/masks, which resolves its own name. */
function ownFolder(library) {
  const [, folder] = /^@tfblocks\/([^/]+)/.exec(library) ?? [];
  return folder && [`packages/${folder}`, library];
}

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

serve(createHost({ name: `Node.js ${process.versions.node}`, load, startWorker, hideWorker }));
