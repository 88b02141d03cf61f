import { activate } from "./fused-activation";

/** Adds the bias [columns], if there is one, and applies the activation. */
export function finishBlock(c: usize, rows: i32, columns: i32, cStride: usize, bias: usize, activation: i32, alpha: f32): void {
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const at = c + (<usize>column << 2);
      let x = v128.load(at);
      if (bias) x = f32x4.add(x, v128.load(bias + (<usize>column << 2)));
      v128.store(at, activate(x, activation, alpha));
    }
    for (; column < columns; column++) {
      const at = c + (<usize>column << 2);
      let x = v128.load32_splat(at);
      if (bias) x = f32x4.add(x, v128.load32_splat(bias + (<usize>column << 2)));
      store<f32>(at, f32x4.extract_lane(activate(x, activation, alpha), 0));
    }
    c += cStride;
  }
}
