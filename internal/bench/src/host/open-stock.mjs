const backendName = "wasm-stock";

/**
 * tfjs's WASM backend as published, beside ours in one process: a second copy of its module, with its own heap, whose
 * kernels go by another backend name. (Its kernels keep their WASM functions in module variables, so one copy of the
 * module cannot serve two backends.)
 */
export async function openStock({ tf, load, threads, wasmPaths, pretendProcessors }) {
  const { setThreadsCount, setWasmPaths } = await load("stock tfjs-backend-wasm");
  if (wasmPaths) setWasmPaths(wasmPaths);
  const flag = "WASM_HAS_MULTITHREAD_SUPPORT";
  const supported = await tf.env().getAsync(flag);
  tf.env().set(flag, supported && threads > 1);
  if (supported && threads > 1) setThreadsCount(threads);
  pretendProcessors?.(2 * threads); // tfjs takes half of them
  rename(tf, "wasm", backendName);
  await tf.setBackend(backendName);
  pretendProcessors?.(threads);
  tf.env().set(flag, supported);
  return { backendName };
}

function rename(tf, from, to) {
  tf.registerBackend(to, tf.findBackendFactory(from), 0);
  tf.removeBackend(from);
  for (const config of tf.getKernelsForBackend(from)) {
    tf.registerKernel({ ...config, backendName: to });
    tf.unregisterKernel(config.kernelName, from);
  }
}
