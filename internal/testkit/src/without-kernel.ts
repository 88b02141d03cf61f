import { getBackend, getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";

/** Runs a body on the active backend without one of its kernels, so that what uses the kernel composes plain operations. */
export function withoutKernel<Result>(kernelName: string, body: () => Result): Result {
  const backendName = getBackend();
  const config = getKernel(kernelName, backendName);
  if (config === undefined) return body();
  unregisterKernel(kernelName, backendName);
  try {
    return body();
  } finally {
    registerKernel(config);
  }
}
