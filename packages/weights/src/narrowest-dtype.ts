import type { FloatDType } from "./dtypes.js";
import { bfloat16Bits, float16Bits, toBfloat16Bits, toFloat16Bits } from "./half-precision.js";

/** The narrowest dtype in which numbers survive bit for bit: BF16, else F16, else F32. */
export function narrowestDType(numbers: Iterable<Float32Array>): FloatDType {
  let [isBfloat16, isFloat16] = [true, true];
  for (const each of numbers) {
    const bits = new Int32Array(each.buffer, each.byteOffset, each.length);
    isBfloat16 &&= bits.every((value) => bfloat16Bits(toBfloat16Bits(value)) === value);
    isFloat16 &&= bits.every((value) => float16Bits(toFloat16Bits(value)) === value);
    if (!isBfloat16 && !isFloat16) return "F32";
  }
  return isBfloat16 ? "BF16" : "F16";
}
