import { createRequire } from "node:module";
const root = "/work/main/";
const load = (n) =>
  import(
    createRequire(root + "packages/wasm/package.json").resolve(
      n === "@tfblocks/wasm"
        ? root + "packages/wasm/dist/index.js"
        : n === "@tfblocks/tensor-utils"
          ? root + "packages/tensor-utils/dist/index.js"
          : n === "@tfblocks/attention"
            ? root + "packages/attention/dist/index.js"
            : n === "@tfblocks/attention/caches"
              ? root + "packages/attention/dist/caches.js"
              : root + "packages/masks/dist/index.js",
    )
  );
const tf = await import(createRequire(root + "packages/wasm/package.json").resolve("@tensorflow/tfjs-core"));
const { openOurs } = await import("./src/host/open-ours.mjs");
const { ourContender } = await import("./src/host/contenders/ours.mjs");
const { blocks, setup } = await openOurs({ tf, load, threads: +(process.argv[2] ?? 1) });
console.log(process.version, setup.relaxedSimd, setup.threads.got);
const times = new Map();
let depth = 0;
for (const k of tf.getKernelsForBackend("wasm")) {
  tf.unregisterKernel(k.kernelName, "wasm");
  tf.registerKernel({
    ...k,
    kernelFunc: (c) => {
      const t = performance.now();
      depth++;
      const r = k.kernelFunc(c);
      depth--;
      const d = performance.now() - t;
      if (depth === 0) {
        const e = times.get(k.kernelName) ?? [0, 0];
        e[0] += d;
        e[1]++;
        times.set(k.kernelName, e);
      }
      return r;
    },
  });
}
const kind = process.argv[3] ?? "train";
const c = ourContender({ tf, blocks });
const w =
  kind === "train"
    ? c.trainStep({ layers: 6, dModel: 256, heads: 4, hiddenDim: 1024, vocabSize: 256, length: 256, batch: 8 })
    : c.decode({ layers: 12, dModel: 768, heads: 12, hiddenDim: 3072, vocabSize: 50257, cached: 512 });
w.reset?.();
for (let i = 0; i < 3; i++) w.run();
times.clear();
let best = 1e9;
const N = kind === "train" ? 4 : 20;
w.reset?.();
for (let i = 0; i < N; i++) {
  const t = performance.now();
  w.run();
  best = Math.min(best, performance.now() - t);
}
console.log("step", best.toFixed(1));
let sum = 0;
for (const [n, [t, k]] of [...times].sort((a, b) => b[1][0] - a[1][0]).slice(0, 25)) {
  console.log(n.padEnd(22), (t / N).toFixed(2).padStart(9), (k / N).toFixed(0).padStart(6));
  sum += t / N;
}
console.log("sum", sum.toFixed(1));
process.exit(0);
