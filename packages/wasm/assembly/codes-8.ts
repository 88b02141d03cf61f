// Integer sums of products with codes of 8 bits, see span-sums.ts.
import { addPairs, foldPairs, setIntegers } from "./span-sums";

@unmanaged
class Codes8 {
  /** Bytes of the codes of a quad for one input. */
  @inline
  weightBytes(): usize {
    return 4;
  }

  @inline
  inputBytes(): usize {
    return 2;
  }
}

/** Codes of 8 bits of four quads, for one row. */
@unmanaged
@final
export class Quads8 extends Codes8 {
  @inline
  hasRows(): bool {
    return false;
  }

  @inline
  addUp(w0: usize, weightLine: usize, x: usize, inputLine: usize, span: i32, nibble: v128): void {
    const w1 = w0 + weightLine;
    const w2 = w1 + weightLine;
    const w3 = w2 + weightLine;
    let low0 = i32x4.splat(0);
    let high0 = low0;
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    for (let at: usize = 0, bytes = <usize>span << 2; at < bytes; at += 16) {
      const y = v128.load64_splat(x);
      low0 = addPairs(low0, v128.load8x8_s(w0 + at), y);
      high0 = addPairs(high0, v128.load8x8_s(w0 + at, 8), y);
      low1 = addPairs(low1, v128.load8x8_s(w1 + at), y);
      high1 = addPairs(high1, v128.load8x8_s(w1 + at, 8), y);
      low2 = addPairs(low2, v128.load8x8_s(w2 + at), y);
      high2 = addPairs(high2, v128.load8x8_s(w2 + at, 8), y);
      low3 = addPairs(low3, v128.load8x8_s(w3 + at), y);
      high3 = addPairs(high3, v128.load8x8_s(w3 + at, 8), y);
      x += 8;
    }
    setIntegers(foldPairs(low0, high0), foldPairs(low1, high1), foldPairs(low2, high2), foldPairs(low3, high3));
  }
}

/** Codes of 8 bits of one quad, for four rows. */
@unmanaged
@final
export class Rows8 extends Codes8 {
  @inline
  hasRows(): bool {
    return true;
  }

  @inline
  addUp(w: usize, weightLine: usize, x0: usize, inputLine: usize, span: i32, nibble: v128): void {
    const x1 = x0 + inputLine;
    const x2 = x1 + inputLine;
    const x3 = x2 + inputLine;
    let low0 = i32x4.splat(0);
    let high0 = low0;
    let low1 = low0;
    let high1 = low0;
    let low2 = low0;
    let high2 = low0;
    let low3 = low0;
    let high3 = low0;
    for (let at: usize = 0, bytes = <usize>span << 1; at < bytes; at += 8) {
      const low = v128.load8x8_s(w);
      const high = v128.load8x8_s(w, 8);
      const y0 = v128.load64_splat(x0 + at);
      low0 = addPairs(low0, low, y0);
      high0 = addPairs(high0, high, y0);
      const y1 = v128.load64_splat(x1 + at);
      low1 = addPairs(low1, low, y1);
      high1 = addPairs(high1, high, y1);
      const y2 = v128.load64_splat(x2 + at);
      low2 = addPairs(low2, low, y2);
      high2 = addPairs(high2, high, y2);
      const y3 = v128.load64_splat(x3 + at);
      low3 = addPairs(low3, low, y3);
      high3 = addPairs(high3, high, y3);
      w += 16;
    }
    setIntegers(foldPairs(low0, high0), foldPairs(low1, high1), foldPairs(low2, high2), foldPairs(low3, high3));
  }
}
