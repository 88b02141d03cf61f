import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, memory } from "@tensorflow/tfjs-core";
import { grouped, mebibytes } from "../format.js";

/** The speed and memory of one generation. */
export interface Timing {
  /** Number of prompt tokens, and the seconds until the first new token. */
  readonly prefill: { readonly tokens: number; readonly seconds: number };
  /** Number of the other new tokens, and the seconds that they took. */
  readonly decode: { readonly tokens: number; readonly seconds: number };
  /** Size of the WASM heap, which never shrinks. */
  readonly peakHeapBytes: number;
  /** Largest memory of all tensors, measured after each token. */
  readonly peakTensorBytes: number;
}

/** Measures a generation. */
export class Stopwatch {
  readonly #promptTokens: number;
  readonly #started = performance.now();
  #firstAt: number | undefined;
  #lastAt = this.#started;
  #tokens = 0;
  #tensorBytes = memory().numBytes;

  constructor(promptTokens: number) {
    this.#promptTokens = promptTokens;
  }

  /** Call this after each token. */
  tick(): void {
    this.#lastAt = performance.now();
    this.#firstAt ??= this.#lastAt;
    this.#tokens++;
    this.#tensorBytes = Math.max(this.#tensorBytes, memory().numBytes);
  }

  read(): Timing {
    const firstAt = this.#firstAt ?? this.#lastAt;
    return {
      prefill: { tokens: this.#promptTokens, seconds: (firstAt - this.#started) / 1000 },
      decode: { tokens: Math.max(0, this.#tokens - 1), seconds: (this.#lastAt - firstAt) / 1000 },
      peakHeapBytes: heapBytes(),
      peakTensorBytes: this.#tensorBytes,
    };
  }
}

/** A timing as one line. */
export function timingLine({ prefill, decode, peakHeapBytes, peakTensorBytes }: Timing): string {
  const speed = ({ tokens, seconds }: Timing["decode"]) => (seconds > 0 ? `${grouped(tokens / seconds)} tokens/s` : "none");
  const parts = [
    `prefill ${prefill.tokens} tokens, ${speed(prefill)}`,
    `decode ${decode.tokens} tokens, ${speed(decode)}`,
    `peak heap ${mebibytes(peakHeapBytes)}, of which tensors ${mebibytes(peakTensorBytes)}`,
  ];
  return parts.join("; ");
}

function heapBytes(): number {
  const current = backend();
  const wasm: object = current instanceof BackendWasm ? current.wasm : {};
  return "HEAPU8" in wasm && wasm.HEAPU8 instanceof Uint8Array ? wasm.HEAPU8.buffer.byteLength : 0;
}
