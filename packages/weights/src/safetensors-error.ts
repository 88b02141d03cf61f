import { ArgumentError, type ArgumentFault } from "@tfblocks/tensor-utils";

/**
 * What is wrong with a file, or with a question asked of it.
 *
 * - `truncated`: it ends before its header or a tensor does
 * - `headerSize`: its header is over 100,000,000 bytes
 * - `json`: the header or index is no UTF-8, or no JSON
 * - `duplicate`: a name stands twice in one object
 * - `header`: well-formed JSON of the wrong form
 * - `dtype`: a dtype that the format does not know, or of which tfjs has no tensor
 * - `size`: shape and dtype do not give the size of the data
 * - `layout`: tensors overlap, leave a hole or do not end with the file
 * - `index`: the index of a sharded model contradicts its shards, or leaves their folder
 * - `range`: an integer does not fit int32
 * - `name`: there is no tensor of this name
 * - `limit`: more bytes than allowed
 * - `source`: the bytes cannot be had
 * - `closed`: the reader was closed
 */
export type SafetensorsFault =
  | "truncated"
  | "headerSize"
  | "json"
  | "duplicate"
  | "header"
  | "dtype"
  | "size"
  | "layout"
  | "index"
  | "range"
  | "name"
  | "limit"
  | "source"
  | "closed";

/** A safetensors file breaks a rule of its format, or cannot be had; `kind` says which rule. */
export class SafetensorsError extends ArgumentError {
  override readonly name = "SafetensorsError";
  readonly kind: SafetensorsFault;

  constructor(kind: SafetensorsFault, fault: ArgumentFault) {
    super(fault);
    this.kind = kind;
  }
}

/** Throws the error of a file: `openSafetensors: argument must be expected, got received; advice`. */
export function refuseFile(kind: SafetensorsFault, argument: string, expected: string, received: unknown, advice?: string): never {
  const fault = { operation: "openSafetensors", argument, expected, received: String(received) };
  throw new SafetensorsError(kind, advice === undefined ? fault : { ...fault, advice });
}
