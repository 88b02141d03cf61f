import { packages } from "virtual:packages";
import { createHost } from "../host/host.mjs";

/** One import each, so that the bundler sees it. */
const libraries = {
  "@tensorflow/tfjs-core": () => import("@tensorflow/tfjs-core"),
  "@tensorflow/tfjs-backend-cpu": () => import("@tensorflow/tfjs-backend-cpu"),
  "stock tfjs-backend-wasm": () => import("stock tfjs-backend-wasm"),
  ...packages,
  "@tfblocks/attention/caches": () => import("@tfblocks/attention/caches"),
  "@tfblocks/transformer/models": () => import("@tfblocks/transformer/models"),
  "@jax-js/jax": () => import("@jax-js/jax"),
  "onnxruntime-web": loadOnnxRuntime,
};

async function loadOnnxRuntime() {
  const path = "/onnxruntime-web/ort.wasm.min.mjs"; // served as it is, beside its wasm files
  const ort = await import(/* @vite-ignore */ path);
  ort.env.wasm.wasmPaths = "/onnxruntime-web/";
  return ort;
}

function startWorker(source) {
  const url = URL.createObjectURL(new Blob(["const port = self;", source], { type: "text/javascript" }));
  const worker = new Worker(url);
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(data), { once: true });
      worker.addEventListener("error", ({ message: reason }) => reject(new Error(reason)), { once: true });
      worker.postMessage(message, []);
    });
  return { ask, end: () => worker.terminate() };
}

/** jax-js takes a thread for each processor, tfjs for every second one: each is shown as many as make the asked number. */
function pretendProcessors(count) {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: count, configurable: true });
}

/** `packages/<name>/bench/<file>.mjs`, the rows of blocks. */
const rows = import.meta.glob("../../../../packages/*/bench/*.mjs");

const load = (library) => (libraries[library] ?? rows[`../../../../${library}`])();
globalThis.host = createHost({ name: "Chromium", load, startWorker, pretendProcessors, wasmPaths: "/tfjs/" });
