import { madd } from "./vector";

/** to [columns] += four weights times rows of B, `stride` bytes apart. */
export function addFourRows(to: usize, a: usize, b0: usize, stride: usize, columns: i32): void {
  const b1 = b0 + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  const a0 = v128.load32_splat(a);
  const a1 = v128.load32_splat(a, 4);
  const a2 = v128.load32_splat(a, 8);
  const a3 = v128.load32_splat(a, 12);
  const whole = <usize>(columns & ~3) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    let sum = madd(a0, v128.load(b0 + at), v128.load(to + at));
    sum = madd(a1, v128.load(b1 + at), sum);
    sum = madd(a2, v128.load(b2 + at), sum);
    v128.store(to + at, madd(a3, v128.load(b3 + at), sum));
  }
  for (; at < <usize>columns << 2; at += 4) {
    let sum = load<f32>(to + at) + load<f32>(a) * load<f32>(b0 + at) + load<f32>(a, 4) * load<f32>(b1 + at);
    sum += load<f32>(a, 8) * load<f32>(b2 + at) + load<f32>(a, 12) * load<f32>(b3 + at);
    store<f32>(to + at, sum);
  }
}

/** to [columns] += weight · b. */
export function addRow(to: usize, weight: f32, b: usize, columns: i32): void {
  const weight4 = f32x4.splat(weight);
  const whole = to + (<usize>(columns & ~3) << 2);
  const end = to + (<usize>columns << 2);
  for (; to < whole; to += 16) {
    v128.store(to, madd(weight4, v128.load(b), v128.load(to)));
    b += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + weight * load<f32>(b));
    b += 4;
  }
}
