import { jaxContender } from "./contenders/jax.mjs";
import { ortContender } from "./contenders/ort.mjs";
import { ourContender } from "./contenders/ours.mjs";
import { wllamaContender } from "./contenders/wllama.mjs";
import { tfjsContender } from "./contenders/tfjs.mjs";
import { openOurs } from "./open-ours.mjs";
import { openStock } from "./open-stock.mjs";

/**
 * Sets up tfjs's WASM backend twice, as published and as ours, and gives what is needed for the rest.
 *
 * @returns `{ contenders, setup }`: a function for each contender, which loads it when it is first called; and what
 *   `setupWasm` says
 */
export async function openContenders(platform, options) {
  const { load } = platform;
  const tf = await load("@tensorflow/tfjs-core");
  const stock = await openStock({ tf, ...platform, ...options }); // before ours, which replaces kernels of tfjs
  const ours = await openOurs({ tf, ...platform, ...options });
  const contenders = {
    ours: () => ourContender(ours),
    stock: () => tfjsContender(tf, stock.backendName, load),
    cpu: () => openCpu(tf, load),
    ort: () => openOrt(load, options.threads),
    jax: () => openJax(platform),
    wllama: () => openWllama(load, options.threads),
  };
  return { contenders: eachOnce(contenders), setup: ours.setup };
}

async function openCpu(tf, load) {
  await load("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  tf.backend().firstUse = false; // no advice about tfjs-node
  return tfjsContender(tf, "cpu", load);
}

async function openOrt(load, threads) {
  const ort = await load("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  return ortContender(ort, { provider: "wasm" });
}

async function openJax({ load, hideWorker }) {
  hideWorker?.();
  const jax = await load("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return jaxContender(jax);
}

async function openWllama(load, threads) {
  if (globalThis.document === undefined) throw new Error("needs a page: --runtime chromium");
  return wllamaContender(await load("@wllama/wllama"), threads);
}

/** Functions that run once, and give the same again. */
export const eachOnce = (functions) => Object.fromEntries(Object.entries(functions).map(([name, open]) => [name, once(open)]));

function once(open) {
  let opened;
  return () => (opened ??= open());
}
