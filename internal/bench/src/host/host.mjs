import { jaxContender } from "./contenders/jax.mjs";
import { ortContender } from "./contenders/ort.mjs";
import { ourContender } from "./contenders/ours.mjs";
import { tfjsContender } from "./contenders/tfjs.mjs";
import { peakHeap } from "./heap.mjs";
import { openOurs } from "./open-ours.mjs";
import { openStock } from "./open-stock.mjs";
import { peaksOf, preparePeak } from "./peaks.mjs";
import { summary } from "./summary.mjs";

/**
 * The side of the bench that computes, in one process or page: it holds every contender of that runtime, and does what
 * the side that drives it asks, one request at a time.
 *
 * @param platform `{ name, load(library), startWorker(source), hideWorker?, wasmPaths? }`
 */
export function createHost(platform) {
  const { load } = platform;
  const prepared = new Map();
  let contenders;
  let options;
  let peaks;

  return {
    /** Loads the libraries; gives the name of the runtime and what `setupWasm` says. */
    async open(given) {
      options = given;
      peaks = peaksOf(given.peaks.modules, given.peaks);
      const tf = await load("@tensorflow/tfjs-core");
      const stock = await openStock({ tf, ...platform, ...options }); // before ours, which replaces kernels of tfjs
      const ours = await openOurs({ tf, ...platform, ...options });
      contenders = { ours: () => ourContender(ours), stock: () => tfjsContender(tf, stock.backendName) };
      contenders.cpu = async () => {
        await load("@tensorflow/tfjs-backend-cpu");
        await tf.setBackend("cpu");
        tf.backend().firstUse = false; // no advice about tfjs-node
        return tfjsContender(tf, "cpu");
      };
      contenders.ort = async () => {
        const ort = await load("onnxruntime-web");
        ort.env.wasm.numThreads = options.threads;
        ort.env.logLevel = "error";
        return ortContender(ort);
      };
      contenders.jax = async () => {
        platform.hideWorker?.();
        const jax = await load("@jax-js/jax");
        await jax.init("wasm");
        jax.defaultDevice("wasm");
        return jaxContender(jax);
      };
      for (const [name, build] of Object.entries(contenders)) contenders[name] = once(build);
      return { runtime: platform.name, setup: ours.setup };
    },

    /** Builds the case for one contender, under the name `slot`, and warms it up; gives `{ estimate }` in ms a call, or `{ refused }`. */
    async prepare({ slot, contender, spec }) {
      try {
        const made = await make(contender, spec);
        if (made === undefined) return { refused: "has no such operation" };
        prepared.set(slot, made);
        return { estimate: await warmUp(made), work: made.work };
      } catch (error) {
        return { refused: shortened(String(error.message ?? error)) };
      }
    },

    /** Milliseconds of one call, the mean of `calls`. */
    async sample({ slot, calls }) {
      const { run, use, reset, calls: inOne = 1 } = prepared.get(slot);
      use?.();
      await reset?.();
      if (calls > 1) await run();
      const started = performance.now();
      for (let call = 0; call < calls; call++) {
        const pending = run();
        if (pending !== undefined) await pending;
      }
      return (performance.now() - started) / (calls * inOne);
    },

    /** A few numbers of the result, to compare the contenders by. */
    async output({ slot }) {
      const { use, output } = prepared.get(slot);
      use?.();
      return summary(await output());
    },

    /** Bytes of heap that one call takes beyond its inputs: `{ peak, growth }`. */
    async memory({ contender, spec }) {
      const made = await make(contender, spec);
      made.use();
      return peakHeap((await load("@tensorflow/tfjs-core")).backend(), made.run);
    },

    async release() {
      for (const { use, dispose } of prepared.values()) {
        use?.();
        await dispose();
      }
      prepared.clear();
    },
  };

  async function make(contender, spec) {
    if (contender in peaks) return preparePeak(platform, peaks[contender], options.threads);
    const kinds = await contenders[contender]();
    return kinds[spec.kind]?.(spec);
  }
}

function shortened(message) {
  const [line] = message.split("\n");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function once(make) {
  let made;
  return () => (made ??= make());
}

const warmUpTime = 300;

/** Calls until compilers have settled: at least three times unless a call is very slow. Gives the fastest call. */
async function warmUp({ run, use, reset, calls: inOne = 1 }) {
  use?.();
  await reset?.();
  const started = performance.now();
  let fastest = Infinity;
  for (let call = 0; call < 3 || performance.now() - started < warmUpTime; call++) {
    const before = performance.now();
    await run();
    const now = performance.now();
    fastest = Math.min(fastest, now - before);
    if (now - started > 2000) break;
  }
  return fastest / inOne;
}
