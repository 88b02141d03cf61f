import { describe, expect, it } from "vitest";
import { bfloat16Bits, float16Bits, toBfloat16Bits, toFloat16Bits } from "./half-precision.js";
import { bytesOf } from "./testing/make-file.js";
import python from "./testing/python-files.json" with { type: "json" };

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;
const valueOf = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0]!;
const everyHalf = Array.from({ length: 65_536 }, (_, half) => half);

describe("float16", () => {
  it("becomes the same float32 as in NumPy", () => {
    const expected = new Uint32Array(bytesOf(python.float16Samples).buffer);
    expect(expected.length).toBe(256);
    expect([...expected].map((_, index) => float16Bits(index * 257) >>> 0)).toEqual([...expected]);
  });

  it("survives float32 bit for bit, except for the quiet bit of a NaN", () => {
    const expected = everyHalf.map((half) => ((half & 0x7fff) > 0x7c00 ? half | 0x200 : half));
    expect(everyHalf.map((half) => toFloat16Bits(float16Bits(half) >>> 0))).toEqual(expected);
  });

  it("is the nearest neighbour, the even one in a tie", () => {
    for (let half = 0; half < 0x7bff; half += 7) {
      const [low, high] = [valueOf(float16Bits(half)), valueOf(float16Bits(half + 1))];
      const middle = bitsOf((low + high) / 2);
      expect(toFloat16Bits(middle)).toBe(half % 2 === 0 ? half : half + 1);
      expect(toFloat16Bits(middle - 1)).toBe(half);
      expect(toFloat16Bits(middle + 1)).toBe(half + 1);
      expect(toFloat16Bits((middle | 0x80000000) >>> 0)).toBe((half % 2 === 0 ? half : half + 1) | 0x8000);
    }
  });

  it("is infinite from 65520 on", () => {
    expect(toFloat16Bits(bitsOf(65_520))).toBe(0x7c00);
    expect(toFloat16Bits(bitsOf(65_520) - 1)).toBe(0x7bff);
    expect(toFloat16Bits(bitsOf(-Infinity))).toBe(0xfc00);
  });
});

describe("bfloat16", () => {
  it("survives float32 bit for bit, except for the quiet bit of a NaN", () => {
    const expected = everyHalf.map((half) => ((half & 0x7fff) > 0x7f80 ? half | 0x40 : half));
    expect(everyHalf.map((half) => toBfloat16Bits(bfloat16Bits(half) >>> 0))).toEqual(expected);
  });

  it("is the nearest neighbour, the even one in a tie", () => {
    expect([0x3f807fff, 0x3f808000, 0x3f808001, 0x3f818000, 0x7f7fffff, 0xff7fffff].map((bits) => toBfloat16Bits(bits))).toEqual([
      0x3f80, 0x3f80, 0x3f81, 0x3f82, 0x7f80, 0xff80,
    ]);
  });
});
