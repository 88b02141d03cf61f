import { backend, memory } from "@tensorflow/tfjs-core";
import { grouped, mebibytes } from "../command/format.js";

/** How fast a text came. */
export interface Timing {
  /** Tokens of the prompt, and the seconds until the first new one. */
  readonly prefill: { readonly tokens: number; readonly seconds: number };
  /** The other new tokens, and the seconds that they took. */
  readonly decode: { readonly tokens: number; readonly seconds: number };
  /** The WASM heap, which never shrinks. */
  readonly peakHeapBytes: number;
  /** The most that tensors took at once, seen after each token. */
  readonly peakTensorBytes: number;
}

/** Measures while tokens come. */
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

  /** A token has come. */
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

/** One line about a timing. */
export function timingLine({ prefill, decode, peakHeapBytes, peakTensorBytes }: Timing): string {
  const speed = ({ tokens, seconds }: Timing["decode"]) => (seconds > 0 ? `${grouped(tokens / seconds)} tokens/s` : "none");
  const parts = [
    `prefill ${prefill.tokens} tokens, ${speed(prefill)}`,
    `decode ${decode.tokens} tokens, ${speed(decode)}`,
    `peak heap ${mebibytes(peakHeapBytes)}, of it tensors ${mebibytes(peakTensorBytes)}`,
  ];
  return parts.join("; ");
}

function heapBytes(): number {
  const { wasm } = backend() as unknown as { wasm?: { HEAPU8: Uint8Array } };
  return wasm?.HEAPU8.buffer.byteLength ?? 0;
}
