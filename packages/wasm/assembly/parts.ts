// The last numbers of a row, 1 to 4, as a vector whose other lanes are 0.

/** Loads `count` numbers. */
@inline
export function loadPart(at: usize, count: i32): v128 {
  if (count == 4) return v128.load(at);
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : v128.load32_lane(at, two, 2, 8);
}

/** Stores the first `count` lanes. */
@inline
export function storePart(at: usize, x: v128, count: i32): void {
  if (count == 4) return v128.store(at, x);
  if (count == 1) return v128.store32_lane(at, x, 0);
  v128.store64_lane(at, x, 0);
  if (count == 3) v128.store32_lane(at, x, 2, 8);
}

/** x with 0 in the lanes from `count` on. */
@inline
export function keepPart(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
