import { bfloat16Bits, float16Bits, toBfloat16Bits, toFloat16Bits } from "./half-precision.js";

/** The element types of the format. */
export type SafetensorsDType =
  | "BOOL"
  | "F4"
  | "F6_E2M3"
  | "F6_E3M2"
  | "U8"
  | "I8"
  | "F8_E5M2"
  | "F8_E4M3"
  | "F8_E8M0"
  | "F8_E4M3FNUZ"
  | "F8_E5M2FNUZ"
  | "I16"
  | "U16"
  | "F16"
  | "BF16"
  | "I32"
  | "U32"
  | "F32"
  | "C64"
  | "F64"
  | "I64"
  | "U64";

const ranked =
  "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64".split(" ");

/** Bits of an element, read from the name. The order is that in which Python's writer sorts the types. */
export const dtypeBits: ReadonlyMap<SafetensorsDType, number> = new Map(
  ranked.map((name) => [name as SafetensorsDType, name === "BOOL" ? 8 : Number(/\d+/.exec(name)![0])]),
);

type Read = (view: DataView, at: number) => number;

/** How stored elements become those of a tfjs tensor; `read` returns the bits of a float32, an integer, or 0 and 1. */
export interface Decoder {
  readonly dtype: "float32" | "int32" | "bool";
  readonly read: Read;
  /** Whether the bytes are those of the tensor's elements, on the usual little-endian machines. */
  readonly copies?: true;
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

const decoders: Readonly<Partial<Record<SafetensorsDType, Decoder>>> = {
  F32: { dtype: "float32", read: (view, at) => view.getUint32(at, true), copies: true },
  F16: { dtype: "float32", read: (view, at) => float16Bits(view.getUint16(at, true)) },
  BF16: { dtype: "float32", read: (view, at) => bfloat16Bits(view.getUint16(at, true)) },
  F64: { dtype: "float32", read: (view, at) => roundedBits(view.getFloat64(at, true)) },
  I8: { dtype: "int32", read: (view, at) => view.getInt8(at) },
  U8: { dtype: "int32", read: (view, at) => view.getUint8(at) },
  I16: { dtype: "int32", read: (view, at) => view.getInt16(at, true) },
  U16: { dtype: "int32", read: (view, at) => view.getUint16(at, true) },
  I32: { dtype: "int32", read: (view, at) => view.getInt32(at, true), copies: true },
  U32: { dtype: "int32", read: (view, at) => inRange(view.getInt32(at, true), 0) },
  I64: { dtype: "int32", read: (view, at) => inRange(view.getInt32(at, true), view.getInt32(at + 4, true)) },
  U64: { dtype: "int32", read: (view, at) => inRange(view.getInt32(at, true), view.getUint32(at + 4, true)) },
  BOOL: { dtype: "bool", read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
};

/** The decoder of a dtype; undefined where tfjs has no such tensors. */
export function decoderOf(dtype: SafetensorsDType): Decoder | undefined {
  return decoders[dtype];
}

/** How the elements of a dtype become those of an array. */
export interface ArrayDecoder extends Pick<Decoder, "read" | "copies"> {
  readonly dtype: Decoder["dtype"] | "uint32";
}

/** The decoder of a dtype for arrays, which hold U32 as it is. */
export function arrayDecoderOf(dtype: SafetensorsDType): ArrayDecoder | undefined {
  return dtype === "U32" ? { dtype: "uint32", read: (view, at) => view.getUint32(at, true), copies: true } : decoders[dtype];
}

function roundedBits(value: number): number {
  scratch[0] = value;
  return scratchBits[0]!;
}

/** An integer whose bits 32 to 63 are `high`. It fits int32 when they only repeat its sign. */
function inRange(low: number, high: number): number {
  return high === low >> 31 ? low : Number.NaN;
}

/** The dtypes in which float32 tensors can be written. */
export type FloatDType = "F32" | "F16" | "BF16";

/** Encoders from the bits of a float32 to the element of a file. */
export const floatEncoders: Readonly<Record<FloatDType, (bits: number) => number>> = {
  F32: (bits) => bits,
  F16: toFloat16Bits,
  BF16: toBfloat16Bits,
};
