// Writes the lanes of a strip as rows.
import { transpose4x4 } from "./pack";

/** Transposes [column][8] into rows, `stride` bytes from lane to lane. */
export function writeRows(to: usize, stride: usize, from: usize, lanes: i32, columns: i32): void {
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const source = from + (<usize>column << 5);
    const target = to + (<usize>column << 2);
    if (lanes >= 4) transpose4x4(v128.load(source), v128.load(source, 32), v128.load(source, 64), v128.load(source, 96), target, stride);
    if (lanes == 8) transpose4x4(v128.load(source, 16), v128.load(source, 48), v128.load(source, 80), v128.load(source, 112), target + 4 * stride, stride);
    else writePart(target, source, lanes & 4, lanes, 4, stride);
  }
  writePart(to + (<usize>column << 2), from + (<usize>column << 5), 0, lanes, columns - column, stride);
}

function writePart(to: usize, from: usize, firstLane: i32, lanes: i32, columns: i32, stride: usize): void {
  for (let lane = firstLane; lane < lanes; lane++) {
    for (let column = 0; column < columns; column++) {
      store<f32>(to + <usize>lane * stride + (<usize>column << 2), load<f32>(from + (<usize>column << 5) + (<usize>lane << 2)));
    }
  }
}
