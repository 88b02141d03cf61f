// The activations of tfjs's fused matrix products, numbered in the order of `activations` in src/kernels/matmul.ts.
import { exp4 } from "./vector";

export function activate(x: v128, activation: i32, alpha: f32): v128 {
  const zero = f32x4.splat(0);
  const negative = f32x4.lt(x, zero);
  switch (activation) {
    case 1: return v128.andnot(x, negative); // relu
    case 2: return f32x4.pmin(v128.andnot(x, negative), f32x4.splat(6)); // relu6
    case 3: return v128.bitselect(f32x4.mul(x, f32x4.splat(alpha)), x, negative); // leakyrelu
    case 4: return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x)))); // sigmoid
    case 5: return v128.bitselect(f32x4.sub(exp4(x), f32x4.splat(1)), x, negative); // elu
    default: return x;
  }
}
