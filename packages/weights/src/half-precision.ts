/** Converts a float16 to float32, both as bits. Exact, also for NaN payloads. */
export function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const [exponent, fraction] = [(half >> 10) & 0x1f, half & 0x3ff];
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  const leading = 31 - Math.clz32(fraction); // subnormal: fraction · 2^-24, whose leading bit becomes the implicit one
  return sign | ((leading + 103) << 23) | (((fraction << (10 - leading)) & 0x3ff) << 13);
}

/** Converts a bfloat16 to float32, both as bits: it is the upper half. */
export function bfloat16Bits(half: number): number {
  return half << 16;
}

/** Rounds a float32 to the nearest float16, ties to even, both as bits. From 65520 on the result is infinite; NaN stays NaN. */
export function toFloat16Bits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff);
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536
  if (magnitude >= 0x38800000) return sign | roundedShift(magnitude - 0x38000000, 13); // 2^-14: the bias of the exponent is smaller by 112
  const shift = 126 - (magnitude >>> 23);
  return shift > 24 ? sign : sign | roundedShift((magnitude & 0x7fffff) | 0x800000, shift);
}

/** Rounds a float32 to the nearest bfloat16, ties to even, both as bits; NaN stays NaN. */
export function toBfloat16Bits(bits: number): number {
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits >>> 16) & 0x8000) | roundedShift(magnitude, 16);
}

/** value / 2^shift, ties to even. */
function roundedShift(value: number, shift: number): number {
  const [quotient, half, rest] = [value >>> shift, 2 ** (shift - 1), value & (2 ** shift - 1)];
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient;
}
