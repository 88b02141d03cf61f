import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { AllocationError, maxTensorBytes } from "@tfblocks/tensor-utils";
import { keepingProcessListeners } from "./process-listeners.js";
import type { TfjsModule } from "./tfjs-module.js";

/** Gives tfjs's backend allocations that fail loudly, and a farewell for what was started beside it. */
export function guardBackend(backend: BackendWasm, beforeDisposal: () => void): void {
  guardMalloc(backend.wasm as TfjsModule);
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    beforeDisposal();
    keepingProcessListeners(dispose);
  };
}

/**
 * tfjs ignores a failed allocation and writes at address 0; this throws instead, before anything is registered. A block
 * that ends past the heap is none: emmalloc takes any small region for large enough when start + size wraps at 2^32.
 */
export function guardMalloc(module: TfjsModule): void {
  module._free(module._malloc(1)); // Emscripten's first call of either puts another function in its place
  const allocate = module._malloc.bind(module);
  module._malloc = (bytes) => {
    const address = bytes <= maxTensorBytes ? allocate(bytes) >>> 0 : 0;
    if (bytes === 0 || (address > 0 && address + bytes <= module.HEAPU8.byteLength)) return address;
    if (address > 0) module._free(address);
    throw new AllocationError({
      operation: "wasm",
      argument: "tensor",
      expected: bytes > maxTensorBytes ? `at most ${maxTensorBytes} bytes` : "within what the WASM heap of 4 GiB can still give",
      received: `${bytes} bytes beside a heap of ${module.HEAPU8.byteLength}`,
      advice: "dispose tensors, or use a shorter sequence or a smaller batch",
    });
  };
}
