// Functions of single numbers.
import {
  activate, apply, CUBIC_RATE, densityExponent, ERF, EXP, exponent4, GELU, GELU_TANH, MOST, prepareTails, rateOf, RELU,
  RSQRT, share4, SIGMOID, SILU, slope4, SQRT, STEP, tailFactor, TANH,
} from "../activations";
import { POWER_LOW, power4 } from "../exponential";
import { loadPart, storePart } from "../parts";
import { EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_MAGIC, kept, zerosBefore } from "../vector";

/** Writes the exponents of normal tails, where an operation needs them, to where its results will be. */
@inline
function prepare(operation: i32, args: usize, x: usize, y: usize, count: i32): void {
  if (tailFactor(operation) > 0) prepareTails(args, x, y, count, tailFactor(operation));
}

/** What {@link prepare} wrote for up to four numbers. */
@inline
function prepared(operation: i32, y: usize, count: i32): v128 {
  return tailFactor(operation) > 0 ? loadPart(y, count) : f32x4.splat(0);
}

/** x and y: [count]; `countPerTask` numbers a task, a multiple of 4. */
@unmanaged
class MapArguments {
  x: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function map(operation: i32, args: usize, task: u32): void {
  const a = changetype<MapArguments>(args);
  const from = <i32>task * a.countPerTask;
  let left = min(a.count - from, a.countPerTask);
  let x = a.x + (<usize>from << 2);
  const y = a.y - a.x;
  prepare(operation, args, x, x + y, left);
  const zeros = zerosBefore(args);
  const low = kept(POWER_LOW, zeros);
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
    const e0 = power4(exponent4(operation, x0, prepared(operation, x + y, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, apply(operation, x0, e0, one));
    if (STEP == 1) continue;
    const x1 = v128.load(x, 16);
    const e1 = power4(exponent4(operation, x1, prepared(operation, x + y + 16, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, apply(operation, x1, e1, one), 16);
  }
  for (; left > 0; left -= 4, x += 16) {
    const part = min(left, 4);
    const x0 = loadPart(x, part);
    const e0 = power4(exponent4(operation, x0, prepared(operation, x + y, part), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    storePart(x + y, apply(operation, x0, e0, one), part);
  }
}

export function mapExp(args: usize, task: u32, thread: u32): void {
  map(EXP, args, task);
}

export function mapTanh(args: usize, task: u32, thread: u32): void {
  map(TANH, args, task);
}

export function mapErf(args: usize, task: u32, thread: u32): void {
  map(ERF, args, task);
}

export function mapSqrt(args: usize, task: u32, thread: u32): void {
  map(SQRT, args, task);
}

export function mapRsqrt(args: usize, task: u32, thread: u32): void {
  map(RSQRT, args, task);
}

export function mapSigmoid(args: usize, task: u32, thread: u32): void {
  map(SIGMOID, args, task);
}

export function mapGelu(args: usize, task: u32, thread: u32): void {
  map(GELU, args, task);
}

export function mapGeluTanh(args: usize, task: u32, thread: u32): void {
  map(GELU_TANH, args, task);
}

export function mapSilu(args: usize, task: u32, thread: u32): void {
  map(SILU, args, task);
}

/** y = activation(gate) · up, or the gradient dy · activation'(x), all [count]. */
@unmanaged
class ProductArguments {
  gate: usize;
  up: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function product(operation: i32, slope: bool, args: usize, task: u32): void {
  const a = changetype<ProductArguments>(args);
  const from = <i32>task * a.countPerTask;
  let left = min(a.count - from, a.countPerTask);
  let x = a.gate + (<usize>from << 2);
  const up = a.up - a.gate;
  const y = a.y - a.gate;
  prepare(operation, args, x, x + y, left);
  const zeros = zerosBefore(args);
  const low = kept(POWER_LOW, zeros);
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
    const e0 = power4(exponent4(operation, x0, prepared(operation, x + y, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density0 = power4(densityExponent(x0), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, f32x4.mul(factor(operation, slope, x0, e0, density0, one), v128.load(x + up)));
    if (STEP == 1) continue;
    const x1 = v128.load(x, 16);
    const e1 = power4(exponent4(operation, x1, prepared(operation, x + y + 16, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density1 = power4(densityExponent(x1), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, f32x4.mul(factor(operation, slope, x1, e1, density1, one), v128.load(x + up, 16)), 16);
  }
  for (; left > 0; left -= 4, x += 16) {
    const part = min(left, 4);
    const x0 = loadPart(x, part);
    const e0 = power4(exponent4(operation, x0, prepared(operation, x + y, part), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const density0 = power4(densityExponent(x0), low, magic, c5, c4, c3, c2, c1, one);
    storePart(x + y, f32x4.mul(factor(operation, slope, x0, e0, density0, one), loadPart(x + up, part)), part);
  }
}

@inline
function factor(operation: i32, slope: bool, x: v128, e: v128, density: v128, one: v128): v128 {
  const share = share4(operation, x, e, one);
  return slope ? slope4(operation, x, share, density) : activate(operation, x, share);
}

export function gateSigmoid(args: usize, task: u32, thread: u32): void {
  product(SIGMOID, false, args, task);
}

export function gateRelu(args: usize, task: u32, thread: u32): void {
  product(RELU, false, args, task);
}

export function gateGelu(args: usize, task: u32, thread: u32): void {
  product(GELU, false, args, task);
}

export function gateGeluTanh(args: usize, task: u32, thread: u32): void {
  product(GELU_TANH, false, args, task);
}

export function gateSilu(args: usize, task: u32, thread: u32): void {
  product(SILU, false, args, task);
}

export function geluGrad(args: usize, task: u32, thread: u32): void {
  product(GELU, true, args, task);
}

export function geluTanhGrad(args: usize, task: u32, thread: u32): void {
  product(GELU_TANH, true, args, task);
}

export function siluGrad(args: usize, task: u32, thread: u32): void {
  product(SILU, true, args, task);
}

/** dgate = dy · up · activation'(gate) and dup = dy · activation(gate), all [count]. */
@unmanaged
class GateGradArguments {
  gate: usize;
  up: usize;
  dy: usize;
  dgate: usize;
  dup: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function gateGrad(operation: i32, args: usize, task: u32): void {
  const a = changetype<GateGradArguments>(args);
  const from = <i32>task * a.countPerTask;
  const count = min(a.count - from, a.countPerTask);
  const start = <usize>from << 2;
  const whole = start + ((<usize>count & ~3) << 2);
  prepare(operation, args, a.gate + start, a.dup + start, count);
  const zeros = zerosBefore(args);
  const low = kept(POWER_LOW, zeros);
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
  for (let at = start; at < whole; at += 16) {
    const x = v128.load(a.gate + at);
    const dy = v128.load(a.dy + at);
    const e = power4(exponent4(operation, x, prepared(operation, a.dup + at, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const share = share4(operation, x, e, one);
    const slope = slope4(operation, x, share, power4(densityExponent(x), low, magic, c5, c4, c3, c2, c1, one));
    v128.store(a.dup + at, f32x4.mul(dy, activate(operation, x, share)));
    v128.store(a.dgate + at, f32x4.mul(f32x4.mul(dy, v128.load(a.up + at)), slope));
  }
  const left = count & 3;
  if (left == 0) return;
  const x = loadPart(a.gate + whole, left);
  const dy = loadPart(a.dy + whole, left);
  const exponent = exponent4(operation, x, prepared(operation, a.dup + whole, left), rate, cubic, most);
  const e = power4(exponent, low, magic, c5, c4, c3, c2, c1, one);
  const share = share4(operation, x, e, one);
  const slope = slope4(operation, x, share, power4(densityExponent(x), low, magic, c5, c4, c3, c2, c1, one));
  storePart(a.dup + whole, f32x4.mul(dy, activate(operation, x, share)), left);
  storePart(a.dgate + whole, f32x4.mul(f32x4.mul(dy, loadPart(a.up + whole, left)), slope), left);
}

export function gateSigmoidGrad(args: usize, task: u32, thread: u32): void {
  gateGrad(SIGMOID, args, task);
}

export function gateReluGrad(args: usize, task: u32, thread: u32): void {
  gateGrad(RELU, args, task);
}

export function gateGeluGrad(args: usize, task: u32, thread: u32): void {
  gateGrad(GELU, args, task);
}

export function gateGeluTanhGrad(args: usize, task: u32, thread: u32): void {
  gateGrad(GELU_TANH, args, task);
}

export function gateSiluGrad(args: usize, task: u32, thread: u32): void {
  gateGrad(SILU, args, task);
}
