import { packages } from "virtual:packages";
import { createHost } from "../host/host.mjs";
import { openContenders } from "../host/open-contenders.mjs";

/** One import each, so that the bundler sees it. */
const libraries = {
  "@tensorflow/tfjs-core": () => import("@tensorflow/tfjs-core"),
  "@tensorflow/tfjs-backend-cpu": () => import("@tensorflow/tfjs-backend-cpu"),
  "stock tfjs-backend-wasm": () => import("stock tfjs-backend-wasm"),
  ...packages,
  "@tfblocks/tensor-utils/steps": () => import("@tfblocks/tensor-utils/steps"),
  "@tfblocks/attention/caches": () => import("@tfblocks/attention/caches"),
  "@tfblocks/transformer/encode": () => import("@tfblocks/transformer/encode"),
  "@tfblocks/transformer/models": () => import("@tfblocks/transformer/models"),
  "@tfblocks/transformer/generate": () => import("@tfblocks/transformer/generate"),
  "@tfblocks/transformer/hugging-face": () => import("@tfblocks/transformer/hugging-face"),
  "@tfblocks/analysis/models": () => import("@tfblocks/analysis/models"),
  "@tfblocks/analysis/pictures": () => import("@tfblocks/analysis/pictures"),
  "@jax-js/jax": () => import("@jax-js/jax"),
  "onnxruntime-web": loadOnnxRuntime,
  "@wllama/wllama": () => loadServed("/wllama/index.js"),
};

/** A library that is served as it is, beside its wasm files. */
const loadServed = (path) => import(/* @vite-ignore */ path);

async function loadOnnxRuntime() {
  const ort = await loadServed("/onnxruntime-web/ort.wasm.min.mjs");
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
globalThis.host = createHost({ name: "Chromium", load, startWorker, pretendProcessors, wasmPaths: "/tfjs/" }, openContenders);
