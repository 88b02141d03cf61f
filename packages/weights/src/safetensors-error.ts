import { ArgumentError, type ArgumentFault } from "@tfblocks/tensor-utils";

/**
 * What is wrong with a file or with a request to its reader.
 *
 * - `truncated`: the file ends before its header or a tensor does
 * - `headerSize`: the header is longer than 100,000,000 bytes
 * - `json`: the header or index is not UTF-8 or not JSON
 * - `duplicate`: an object has a name twice
 * - `header`: the JSON is not of the form of a header
 * - `dtype`: the dtype is not one of the format, or tfjs has no such tensors
 * - `size`: shape and dtype do not give the size of the data
 * - `layout`: tensors overlap, leave a hole or do not end with the file
 * - `index`: the index of a sharded model contradicts its shards, or leaves their folder
 * - `range`: an integer does not fit int32
 * - `name`: no tensor has this name
 * - `limit`: the file is larger than `maxBytes`
 * - `source`: the bytes cannot be read
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

/** A safetensors file breaks a rule of its format or cannot be read; `kind` names the rule. */
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
