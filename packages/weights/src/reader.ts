import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, type OptionNames, type StateDict } from "@tfblocks/tensor-utils";
import { quoted, type TensorInfo } from "./header.js";
import { chunkBytes, type ReadContext, readRows, readTensor, type Stored, type TensorRows } from "./read-tensor.js";
import { refuseFile } from "./safetensors-error.js";
import type { ByteSource } from "./sources/byte-source.js";

/** The progress of a read, reported after each chunk. */
export interface ReadProgress {
  readonly loadedBytes: number;
  /** The bytes of all tensors that the call reads. */
  readonly totalBytes: number;
  /** The name of the tensor that is being read. */
  readonly name: string;
}

/** Options of reading one tensor. */
export interface ReadOptions {
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** Rejects with the signal's reason as soon as it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of reading several tensors. */
export interface ReadAllOptions extends ReadOptions {
  /** The tensors to read; default all. */
  readonly names?: readonly string[] | undefined;
}

const readNames: OptionNames<ReadOptions> = { onProgress: true, signal: true };
const readAllNames: OptionNames<ReadAllOptions> = { ...readNames, names: true };

/**
 * An open file, or the shards of one model. The header has been read and checked; tensors are read on request.
 *
 * F32, F16, BF16 and, rounded, F64 become float32; I8, U8, I16, U16, I32 and, where they fit, U32, I64 and U64 become int32;
 * BOOL becomes bool. The caller owns the tensors.
 */
export interface SafetensorsReader {
  /** The names of the tensors in the order of their data, in which reading is fastest. */
  readonly names: readonly string[];
  /** The strings under `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** dtype, shape and offsets of a tensor. @throws SafetensorsError of kind `name` when there is no such tensor */
  info(name: string): TensorInfo;
  /** @throws SafetensorsError of kind `name`, `dtype`, `range`, `truncated`, `source` or `closed`; AllocationError when it does not fit */
  read(name: string, options?: ReadOptions): Promise<Tensor>;
  /** Reads tensors one after the other. On any error, frees those that were read. @throws as {@link SafetensorsReader.read} */
  readAll(options?: ReadAllOptions): Promise<StateDict>;
  /**
   * Reads one tensor a few rows at a time, about 8 MiB of the file, as arrays: nothing is allocated in the backend. A row is what lies at
   * one index of the first dimension. Unlike in tensors, U32 may be any.
   *
   * @throws as {@link SafetensorsReader.read}, when the first rows are asked for or later
   */
  readRows(name: string, options?: ReadOptions): AsyncGenerator<TensorRows>;
  /** Closes files and connections; later reads throw. May be called twice. */
  close(): Promise<void>;
}

/** A reader of tensors that may lie in several files. */
export class StoredTensors implements SafetensorsReader {
  readonly names: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly #stored: ReadonlyMap<string, Stored>;
  readonly #sources: readonly ByteSource[];
  #closed = false;
  /** For the next read; reads that run at the same time have buffers of their own. */
  #buffer: Uint8Array | undefined;

  constructor(stored: ReadonlyMap<string, Stored>, metadata: ReadonlyMap<string, string>, sources: readonly ByteSource[]) {
    this.names = [...stored.keys()];
    this.metadata = Object.fromEntries(metadata);
    this.#stored = stored;
    this.#sources = sources;
  }

  info(name: string): TensorInfo {
    return this.#find(name).info;
  }

  async read(name: string, options: ReadOptions = {}): Promise<Tensor> {
    const { onProgress, signal } = checkOptions("SafetensorsReader.read", options, readNames);
    return this.#read(name, progressOf([this.#find(name)], onProgress), signal);
  }

  async *readRows(name: string, options: ReadOptions = {}): AsyncGenerator<TensorRows> {
    const { onProgress, signal } = checkOptions("SafetensorsReader.readRows", options, readNames);
    const progress = progressOf([this.#find(name)], onProgress);
    const context = this.#context(name, progress, signal);
    yield* readRows(name, this.#find(name), context);
    this.#keep(context);
  }

  async readAll(options: ReadAllOptions = {}): Promise<StateDict> {
    const { names = this.names, onProgress, signal } = checkOptions("SafetensorsReader.readAll", options, readAllNames);
    const wanted = [...new Set(names)];
    const progress = progressOf(
      wanted.map((name) => this.#find(name)),
      onProgress,
    );
    const state: [string, Tensor][] = [];
    try {
      for (const name of wanted) state.push([name, await this.#read(name, progress, signal)]);
      return Object.fromEntries(state);
    } catch (error) {
      for (const [, each] of state) each.dispose();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#buffer = undefined;
    await Promise.all(this.#sources.map((each) => each.close()));
  }

  async #read(name: string, progress: Progress, signal?: AbortSignal): Promise<Tensor> {
    const context = this.#context(name, progress, signal);
    const tensor = await readTensor(name, this.#find(name), context);
    this.#keep(context);
    return tensor;
  }

  #context(name: string, progress: Progress, signal?: AbortSignal): ReadContext {
    if (this.#closed) refuseFile("closed", "reader", "open", "a closed one", "open the file again");
    signal?.throwIfAborted();
    const buffer = this.#buffer ?? new Uint8Array(this.#chunkLength());
    this.#buffer = undefined;
    return { onBytes: (count) => progress(name, count), buffer, signal };
  }

  /** Keeps a buffer for the next read; not after an error, when the source may still write to it. */
  #keep({ buffer }: ReadContext): void {
    if (!this.#closed) this.#buffer = buffer;
  }

  #chunkLength(): number {
    const longest = [...this.#stored.values()].reduce((most, { info: { offsets } }) => Math.max(most, offsets[1] - offsets[0]), 0);
    return Math.min(chunkBytes, longest);
  }

  #find(name: string): Stored {
    return this.#stored.get(name) ?? refuseFile("name", "name", "of a tensor in the file", quoted(name));
  }
}

/** Counts the bytes of a tensor that were read. */
type Progress = (name: string, count: number) => void;

function progressOf(stored: readonly Stored[], onProgress: ReadOptions["onProgress"]): Progress {
  const totalBytes = stored.reduce((sum, { info: { offsets } }) => sum + offsets[1] - offsets[0], 0);
  let loadedBytes = 0;
  return (name, count) => {
    loadedBytes += count;
    onProgress?.({ loadedBytes, totalBytes, name });
  };
}
