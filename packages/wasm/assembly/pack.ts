// Copies matrices into the order in which tiles read them: panels of 4 or 8 lanes, with the lanes of each step of depth adjacent.

/** Transposes four rows of four numbers: row r goes to lane r. */
@inline
export function transpose4x4(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, step: usize): void {
  const low01 = i8x16.shuffle(r0, r1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const low23 = i8x16.shuffle(r2, r3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high01 = i8x16.shuffle(r0, r1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const high23 = i8x16.shuffle(r2, r3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(to, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(to + step, i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  v128.store(to + 2 * step, i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  v128.store(to + 3 * step, i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
}

/**
 * Packs `lanes` vectors of `depth` numbers into panels of `width` (4 or 8) lanes, the last one padded with zeros.
 *
 * @param laneStride bytes from one vector to the next
 * @param depthStride bytes from one number of a vector to the next; it or `laneStride` is 4
 * @returns the end of the panels
 */
export function pack(to: usize, from: usize, lanes: i32, depth: i32, laneStride: usize, depthStride: usize, width: i32): usize {
  const panel = (<usize>depth * width) << 2;
  for (let lane = 0; lane < lanes; lane += width) {
    const source = from + <usize>lane * laneStride;
    const count = min(width, lanes - lane);
    if (count < width) packPart(to, source, count, depth, laneStride, depthStride, width);
    else if (laneStride == 4) packAdjacentLanes(to, source, depth, depthStride, width);
    else for (let group = 0; group < width; group += 4) packRows4(to + (<usize>group << 2), source + <usize>group * laneStride, depth, laneStride, width);
    to += panel;
  }
  return to;
}

/** The lanes of a step are adjacent already. */
function packAdjacentLanes(to: usize, from: usize, depth: i32, depthStride: usize, width: i32): void {
  if (width == 4) {
    for (; depth > 0; depth--) {
      v128.store(to, v128.load(from));
      to += 16;
      from += depthStride;
    }
    return;
  }
  for (; depth > 0; depth--) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += 32;
    from += depthStride;
  }
}

/** Packs four vectors whose numbers are adjacent into lanes 0 to 3 of a panel. */
function packRows4(to: usize, r0: usize, depth: i32, laneStride: usize, width: i32): void {
  const step = <usize>width << 2;
  let r1 = r0 + laneStride;
  let r2 = r1 + laneStride;
  let r3 = r2 + laneStride;
  for (; depth >= 4; depth -= 4) {
    transpose4x4(v128.load(r0), v128.load(r1), v128.load(r2), v128.load(r3), to, step);
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    to += 4 * step;
  }
  for (; depth > 0; depth--) {
    store<f32>(to, load<f32>(r0));
    store<f32>(to, load<f32>(r1), 4);
    store<f32>(to, load<f32>(r2), 8);
    store<f32>(to, load<f32>(r3), 12);
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
    to += step;
  }
}

/** Packs a panel with fewer vectors than lanes. */
function packPart(to: usize, from: usize, count: i32, depth: i32, laneStride: usize, depthStride: usize, width: i32): void {
  for (let step = 0; step < depth; step++) {
    for (let lane = 0; lane < width; lane++) {
      const value = lane < count ? load<f32>(from + <usize>lane * laneStride + <usize>step * depthStride) : 0;
      store<f32>(to, value);
      to += 4;
    }
  }
}
