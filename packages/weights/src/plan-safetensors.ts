import { Tensor } from "@tensorflow/tfjs-core";
import { checkObject, checkOptions, checkTensor, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { dtypeBits, type FloatDType, floatEncoders, type SafetensorsDType } from "./dtypes.js";
import { maxHeaderBytes } from "./header.js";

/** Options of writing. */
export interface WriteOptions {
  /** Strings under `__metadata__`; PyTorch's readers look for `{ format: "pt" }`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** The dtype in which float32 tensors are written; default `"F32"`. F16 and BF16 round to nearest, ties to even. */
  readonly dtype?: FloatDType | undefined;
}

/** A tensor that is not one of tfjs, for example codes in U32 or scales in F16. */
export interface StoredTensor {
  /** U32 of a Uint32Array, the others of a Float32Array, rounded to nearest, ties to even. */
  readonly dtype: "U32" | FloatDType;
  readonly shape: readonly number[];
  /** Makes the elements when they are written. */
  readonly elements: () => Uint32Array | Float32Array;
}

/** What is written: tensors by name, which are borrowed. */
export type WrittenState = Readonly<Record<string, Tensor | StoredTensor>>;

/** The layout of a file: the bytes before the data, and the tensors in the order of the data. */
export interface FilePlan {
  /** The size of the whole file in bytes. */
  readonly size: number;
  /** The length and the header, padded so that the data start at a multiple of 8. */
  readonly head: Uint8Array;
  readonly entries: readonly PlannedTensor[];
}

interface PlannedTensor {
  readonly name: string;
  readonly tensor: Tensor | StoredTensor;
  readonly dtype: SafetensorsDType;
}

const ranks = [...dtypeBits.keys()];

/** Lays out a file as Python's writer does: wide types first, then by name, so that all data are aligned. */
export function planSafetensors(operation: string, state: WrittenState, options: WriteOptions): FilePlan {
  const { metadata, dtype = "F32" } = checkOptions(operation, options, { metadata: true, dtype: true });
  if (!Object.hasOwn(floatEncoders, dtype)) refuse(ValueError, operation, "dtype", '"F32", "F16" or "BF16"', describeValue(dtype));
  checkMetadata(operation, metadata);
  const entries = Object.entries(checkObject(operation, "state", state))
    .map(([name, tensor]) => plan(operation, name, tensor, dtype))
    .toSorted((a, b) => ranks.indexOf(b.dtype) - ranks.indexOf(a.dtype) || (a.name < b.name ? -1 : 1));
  const head = headOf(operation, entries, metadata);
  return { size: head.length + entries.reduce((sum, each) => sum + byteLength(each), 0), head, entries };
}

function plan(operation: string, name: string, tensor: Tensor | StoredTensor, dtype: FloatDType): PlannedTensor {
  checkName(operation, "state", name);
  if (name === "__metadata__") {
    refuse(ValueError, operation, "state", "without a tensor of that name", name, "the name is reserved for metadata");
  }
  if (isStored(tensor)) return { name, tensor, dtype: tensor.dtype };
  const kind = (tensor as Tensor | undefined)?.dtype;
  checkTensor(operation, `state["${name}"]`, tensor, kind === "int32" || kind === "bool" ? kind : "float32");
  return { name, tensor, dtype: kind === "int32" ? "I32" : kind === "bool" ? "BOOL" : dtype };
}

function isStored(tensor: Tensor | StoredTensor): tensor is StoredTensor {
  return !(tensor instanceof Tensor) && typeof tensor?.elements === "function";
}

function checkMetadata(operation: string, metadata: WriteOptions["metadata"]): void {
  if (metadata === undefined) return;
  for (const [name, value] of Object.entries(checkObject(operation, "metadata", metadata))) {
    if (typeof value !== "string") refuse(ValueError, operation, `metadata["${name}"]`, "a string", describeValue(value));
    checkName(operation, "metadata", name);
    checkName(operation, "metadata", value);
  }
}

function checkName(operation: string, argument: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) refuse(ValueError, operation, argument, "Unicode without lone surrogates", JSON.stringify(text));
}

function headOf(operation: string, entries: readonly PlannedTensor[], metadata: WriteOptions["metadata"]): Uint8Array {
  let end = 0;
  const described = entries.map((each): [string, unknown] => {
    const begin = end;
    end += byteLength(each);
    return [each.name, { dtype: each.dtype, shape: each.tensor.shape, data_offsets: [begin, end] }];
  });
  const all = metadata === undefined ? described : [["__metadata__", metadata], ...described];
  const json = new TextEncoder().encode(`{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > maxHeaderBytes) refuse(ValueError, operation, "state", `described in at most ${maxHeaderBytes} bytes`, `${length} bytes`);
  const head = new Uint8Array(8 + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(json, 8);
  return head;
}

function byteLength({ tensor, dtype }: PlannedTensor): number {
  return (tensor.shape.reduce((product, size) => product * size, 1) * dtypeBits.get(dtype)!) / 8;
}

/** The bytes of an entry. @param values of its tensor, if it is one of tfjs */
export function bytesOf(operation: string, entry: PlannedTensor, values?: ArrayLike<number>): Uint8Array {
  const { name, tensor, dtype } = entry;
  const bytes = encode(values ?? (tensor instanceof Tensor ? tensor.dataSync() : tensor.elements()), dtype);
  if (bytes.length === byteLength(entry)) return bytes;
  return refuse(ShapeError, operation, `state["${name}"]`, `${byteLength(entry)} bytes`, bytes.length);
}

/** The bytes of a tensor's elements, little-endian. */
function encode(values: ArrayLike<number>, dtype: SafetensorsDType): Uint8Array {
  if (dtype === "BOOL") return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  const bits = values instanceof Float32Array ? new Uint32Array(values.buffer, values.byteOffset, values.length) : values;
  const encoder = floatEncoders[dtype as FloatDType] ?? floatEncoders.F32;
  return dtypeBits.get(dtype) === 16 ? encode16(bits, encoder) : encode32(bits, encoder);
}

type Encoder = (bits: number) => number;

function encode16(bits: ArrayLike<number>, encoder: Encoder): Uint8Array {
  const view = new DataView(new ArrayBuffer(bits.length * 2));
  for (let index = 0; index < bits.length; index++) view.setUint16(index * 2, encoder(bits[index]!), true);
  return new Uint8Array(view.buffer);
}

function encode32(bits: ArrayLike<number>, encoder: Encoder): Uint8Array {
  const view = new DataView(new ArrayBuffer(bits.length * 4));
  for (let index = 0; index < bits.length; index++) view.setUint32(index * 4, encoder(bits[index]!), true);
  return new Uint8Array(view.buffer);
}
