// Products of an activation, or of its derivative, with another tensor.
import {
  activate, CUBIC_RATE, densityExponent, exponent4, GELU, GELU_TANH, MOST, prepare, prepared, rateOf, RELU, share4, SIGMOID, SILU, slope4, STEP,
} from "../activations";
import { loadPart, storePart } from "../parts";
import { exp2, EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_LOW, EXP2_MAGIC, kept, zerosBefore } from "../vector";

/** y = activation(x) · factor, or activation'(x) · factor, all [count]; `countPerTask` numbers per task, a multiple of 4. */
@unmanaged
export class ProductArguments {
  x: usize;
  factor: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function product(operation: i32, slope: bool, a: ProductArguments, task: u32): void {
  const from = <i32>task * a.countPerTask;
  let left = min(a.count - from, a.countPerTask);
  let x = a.x + (<usize>from << 2);
  const toFactor = a.factor - a.x;
  const y = a.y - a.x;
  prepare(operation, changetype<usize>(a), x, x + y, left);
  const zeros = zerosBefore(changetype<usize>(a));
  const low = kept(EXP2_LOW, zeros);
  const magic = kept(EXP2_MAGIC, zeros);
  const c5 = kept(EXP2_C5, zeros);
  const c4 = kept(EXP2_C4, zeros);
  const c3 = kept(EXP2_C3, zeros);
  const c2 = kept(EXP2_C2, zeros);
  const c1 = kept(EXP2_C1, zeros);
  const one = kept(1, zeros);
  const rate = kept(rateOf(operation), zeros);
  const cubic = kept(CUBIC_RATE, zeros);
  const most = kept(MOST, zeros);
  for (; left >= <i32>STEP * 4; left -= <i32>STEP * 4, x += STEP * 16) {
    const x0 = v128.load(x);
    const e0 = exp2(exponent4(operation, x0, prepared(operation, x + y, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density0 = exp2(densityExponent(x0), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, f32x4.mul(multiplier(operation, slope, x0, e0, density0, one), v128.load(x + toFactor)));
    if (STEP == 1) continue;
    const x1 = v128.load(x, 16);
    const e1 = exp2(exponent4(operation, x1, prepared(operation, x + y + 16, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density1 = exp2(densityExponent(x1), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, f32x4.mul(multiplier(operation, slope, x1, e1, density1, one), v128.load(x + toFactor, 16)), 16);
  }
  for (; left > 0; left -= 4, x += 16) {
    const part = min(left, 4);
    const x0 = loadPart(x, part);
    const e0 = exp2(exponent4(operation, x0, prepared(operation, x + y, part), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density0 = exp2(densityExponent(x0), low, magic, c5, c4, c3, c2, c1, one);
    storePart(x + y, f32x4.mul(multiplier(operation, slope, x0, e0, density0, one), loadPart(x + toFactor, part)), part);
  }
}

@inline
function multiplier(operation: i32, slope: bool, x: v128, e: v128, density: v128, one: v128): v128 {
  const share = share4(operation, x, e, one);
  return slope ? slope4(operation, x, share, density) : activate(operation, x, share);
}

export function gateSigmoid(args: ProductArguments, task: u32, thread: u32): void {
  product(SIGMOID, false, args, task);
}

export function gateRelu(args: ProductArguments, task: u32, thread: u32): void {
  product(RELU, false, args, task);
}

export function gateGelu(args: ProductArguments, task: u32, thread: u32): void {
  product(GELU, false, args, task);
}

export function gateGeluTanh(args: ProductArguments, task: u32, thread: u32): void {
  product(GELU_TANH, false, args, task);
}

export function gateSilu(args: ProductArguments, task: u32, thread: u32): void {
  product(SILU, false, args, task);
}

export function reluGrad(args: ProductArguments, task: u32, thread: u32): void {
  product(RELU, true, args, task);
}

export function geluGrad(args: ProductArguments, task: u32, thread: u32): void {
  product(GELU, true, args, task);
}

export function geluTanhGrad(args: ProductArguments, task: u32, thread: u32): void {
  product(GELU_TANH, true, args, task);
}

export function siluGrad(args: ProductArguments, task: u32, thread: u32): void {
  product(SILU, true, args, task);
}
