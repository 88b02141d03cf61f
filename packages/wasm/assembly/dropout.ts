// Counter-based dropout: `dropoutFactors` of tensor-utils, four queries at a time.

const PARITY: u32 = 0x1bd11bda;

@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/**
 * Multiplies weights [keys][8] by their factors: 0 where the cell's word is below the threshold, else `keep`.
 *
 * @param query absolute position of the first lane
 * @param key absolute position of the first row
 */
export function drop(weights: usize, keys: i32, seed: u32, batch: u32, head: u32, query: u32, key: u32, threshold: u64, keep: f32): void {
  const mapKey = threefry(seed, 0, batch, head);
  const key0 = <u32>mapKey;
  const key1 = <u32>(mapKey >> 32);
  for (let half: u32 = 0; half < 2; half++) {
    const queries = i32x4.add(i32x4.splat(query + half * 4), i32x4(0, 1, 2, 3));
    dropLanes(weights + half * 16, keys, key0, key1, queries, key, threshold, keep);
  }
}

/**
 * Two adjacent keys, an even one and its successor, share one evaluation of Threefry.
 *
 * The 13 rounds are unrolled by hand, here and in {@link threefry}. This is a measured decision: unrolled rounds are faster,
 * and they cannot be shared because a function cannot return two vectors.
 */
function dropLanes(at: usize, keys: i32, key0: u32, key1: u32, queries: v128, key: u32, threshold: u64, keep: f32): void {
  const key2 = key0 ^ key1 ^ PARITY;
  for (let row = 0; row < keys; ) {
    const position = key + row;
    let x0 = i32x4.add(queries, i32x4.splat(key0));
    let x1 = i32x4.splat((<u32>(<i32>position >> 1)) + key1);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 13), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 15), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 26), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 6), x0);
    x0 = i32x4.add(x0, i32x4.splat(key1));
    x1 = i32x4.add(x1, i32x4.splat(key2 + 1));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 17), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 29), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 16), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 24), x0);
    x0 = i32x4.add(x0, i32x4.splat(key2));
    x1 = i32x4.add(x1, i32x4.splat(key0 + 2));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 13), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 15), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 26), x0);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 6), x0);
    x0 = i32x4.add(x0, i32x4.splat(key0));
    x1 = i32x4.add(x1, i32x4.splat(key1 + 3));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(rotate(x1, 17), x0);
    if ((position & 1) == 0) {
      scaleKept(at, x0, threshold, keep);
      at += 32;
      row++;
    }
    if (row < keys) {
      scaleKept(at, x1, threshold, keep);
      at += 32;
      row++;
    }
  }
}

@inline
function scaleKept(at: usize, words: v128, threshold: u64, keep: f32): void {
  const dropped = threshold > 0xffffffff ? i32x4.splat(-1) : i32x4.lt_u(words, i32x4.splat(<i32>threshold));
  v128.store(at, v128.andnot(f32x4.mul(v128.load(at), f32x4.splat(keep)), dropped));
}

/** The two words of Threefry-2x32 with 13 rounds, the second in the high half. Unrolled by hand for speed, as measured; see {@link dropLanes}. */
function threefry(key0: u32, key1: u32, counter0: u32, counter1: u32): u64 {
  const key2 = key0 ^ key1 ^ PARITY;
  let x0 = i32x4.splat(counter0 + key0);
  let x1 = i32x4.splat(counter1 + key1);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, i32x4.splat(key1));
  x1 = i32x4.add(x1, i32x4.splat(key2 + 1));
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 17), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 29), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 16), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 24), x0);
  x0 = i32x4.add(x0, i32x4.splat(key2));
  x1 = i32x4.add(x1, i32x4.splat(key0 + 2));
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, i32x4.splat(key0));
  x1 = i32x4.add(x1, i32x4.splat(key1 + 3));
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotate(x1, 17), x0);
  return (<u64>(<u32>i32x4.extract_lane(x1, 0)) << 32) | <u64>(<u32>i32x4.extract_lane(x0, 0));
}
