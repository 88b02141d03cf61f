import { plain, relaxed } from "../generated/kernel-modules.js";

/** Bytes of scratch memory that kernels need, counted where assembly/ lays it out; exact beyond 4 GiB. */
export interface ScratchSizes {
  /** The packed keys of `attentionForward`, for each key-value head. */
  readonly packedKeysBytes: (keyLength: number, headDim: number) => number;
  /** For each thread of a kernel. */
  readonly forwardBytes: (headDim: number, valueDim: number) => number;
  readonly backwardBytes: (queryLength: number, headDim: number, valueDim: number) => number;
  readonly oneQueryBytes: (keyLength: number, headDim: number) => number;
  readonly gemmBytes: (rows: number, columns: number, depth: number) => number;
}

/** The exports of a kernel module; addresses and counts are unsigned 32-bit. */
export interface KernelExports extends ScratchSizes {
  readonly controlBytes: () => number;
  readonly argumentsOffset: () => number;
  readonly jobBytes: () => number;
  readonly runAlone: (control: number, kernel: number, tasks: number) => void;
  readonly runShared: (control: number, kernel: number, tasks: number, mayWait: number, patience: number) => number;
  readonly runJobs: (control: number, jobs: number, count: number, isShared: number, mayWait: number, patience: number) => number;
  readonly serve: (control: number, thread: number) => void;
  readonly stop: (control: number) => void;
}

/** Compiles a twin for a memory that is shared or not. */
export async function compileKernels(twin: { readonly relaxed: boolean; readonly shared: boolean }): Promise<WebAssembly.Module> {
  const bytes = await inflate(twin.relaxed ? relaxed : plain);
  if (!twin.shared) declareUnshared(bytes);
  return WebAssembly.compile(bytes);
}

/** An instance on this thread that works on this memory. */
export async function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<KernelExports> {
  const instance = await WebAssembly.instantiate(module, { env: { memory, now: () => performance.now() } });
  return instance.exports as WebAssembly.Exports & KernelExports;
}

async function inflate(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The import of the memory, "env" "memory", up to its kind; the flags of its limits follow: 3 for shared, 1 for not shared. */
const memoryImport = [3, ...codes("env"), 6, ...codes("memory"), 2];

function declareUnshared(bytes: Uint8Array): void {
  const start = bytes.findIndex((_, at) => memoryImport.every((byte, offset) => bytes[at + offset] === byte));
  bytes[start + memoryImport.length] = 1;
}

function codes(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
