import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { AllocationError, maxTensorBytes } from "@tfblocks/tensor-utils";
import { keepingProcessListeners } from "./process-listeners.js";
import type { TfjsModule } from "./tfjs-module.js";

/** Makes failed allocations of the backend of tfjs throw, and runs a function before the backend is disposed. */
export function guardBackend(backend: BackendWasm, beforeDisposal: () => void): void {
  guardMalloc(backend.wasm as TfjsModule);
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    beforeDisposal();
    keepingProcessListeners(dispose);
  };
}

/**
 * Makes a failed allocation throw before anything is registered, where tfjs would write at address 0. A block that ends
 * past the heap counts as failed: emmalloc accepts a region that is too small when start + size wraps at 2^32.
 */
export function guardMalloc(module: TfjsModule): void {
  module._free(module._malloc(1)); // in the first call of each, Emscripten replaces the function
  const allocate = module._malloc.bind(module);
  module._malloc = (bytes) => {
    const address = bytes <= maxTensorBytes ? allocate(bytes) >>> 0 : 0;
    if (bytes === 0 || (address > 0 && address + bytes <= module.HEAPU8.byteLength)) return address;
    if (address > 0) module._free(address);
    throw new AllocationError({
      operation: "wasm",
      argument: "tensor",
      expected: bytes > maxTensorBytes ? `at most ${maxTensorBytes} bytes` : "within the free memory of the 4 GiB WASM heap",
      received: `${bytes} bytes, with a heap of ${module.HEAPU8.byteLength} bytes`,
      advice: "dispose tensors, or use a shorter sequence or a smaller batch",
    });
  };
}
