/** How much one call of a peak kernel does: about 10 ms of a fast machine. */
const iterations = 1_000_000;

// The same few lines in a Web Worker and in a worker of Node.js; `port` is what `platform.startWorker` puts before them.
const workerSource = `
let run;
port.onmessage = async ({ data }) => {
  if (data.bytes) run = (await (${instantiate.toString()})(data.bytes));
  else run(data.argument);
  port.postMessage("done");
};`;

async function instantiate(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes);
  const { run, memory } = instance.exports;
  if (memory) new Uint8Array(memory.buffer).fill(1); // untouched pages are all the same page of zeros
  return run;
}

/**
 * A contender that does nothing but multiply and add, or read, on every thread at once.
 *
 * @returns the prepared case, with `work` = the floating-point operations or bytes of one call
 */
export async function preparePeak(platform, { module, work, argument = iterations }, threads) {
  const bytes = Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0));
  const run = await instantiate(bytes);
  const workers = await Promise.all(Array.from({ length: threads - 1 }, () => startRunner(platform, bytes)));
  return {
    work: work * threads,
    run: async () => {
      const others = workers.map((worker) => worker.ask({ argument }));
      run(argument);
      await Promise.all(others);
    },
    dispose: () => Promise.all(workers.map((worker) => worker.end())),
  };
}

async function startRunner(platform, bytes) {
  const worker = platform.startWorker(workerSource);
  await worker.ask({ bytes });
  return worker;
}

export const peaksOf = (modules, { flopsPerIteration, bytesRead }) => ({
  multiplyAdd: { module: modules.multiplyAdd, work: flopsPerIteration * iterations },
  relaxedMultiplyAdd: { module: modules.relaxedMultiplyAdd, work: flopsPerIteration * iterations },
  read: { module: modules.read, work: bytesRead, argument: bytesRead },
});
