// The gradients of activation(gate) · up.
import {
  activate, CUBIC_RATE, densityExponent, exponent4, GELU, GELU_TANH, MOST, prepare, prepared, rateOf, RELU, share4, SIGMOID, SILU, slope4,
} from "../activations";
import { loadPart, storePart } from "../parts";
import { exp2, EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_LOW, EXP2_MAGIC, kept, zerosBefore } from "../vector";

/** dgate = dy · up · activation'(gate) and dup = dy · activation(gate), all [count]; `countPerTask` numbers per task, a multiple of 4. */
@unmanaged
export class GateGradArguments {
  gate: usize;
  up: usize;
  dy: usize;
  dgate: usize;
  dup: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function gateGrad(operation: i32, a: GateGradArguments, task: u32): void {
  const from = <i32>task * a.countPerTask;
  const count = min(a.count - from, a.countPerTask);
  const start = <usize>from << 2;
  const whole = start + ((<usize>count & ~3) << 2);
  prepare(operation, changetype<usize>(a), a.gate + start, a.dup + start, count);
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
  for (let at = start; at < whole; at += 16) {
    const x = v128.load(a.gate + at);
    const dy = v128.load(a.dy + at);
    const e = exp2(exponent4(operation, x, prepared(operation, a.dup + at, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    const share = share4(operation, x, e, one);
    const slope = slope4(operation, x, share, exp2(densityExponent(x), low, magic, c5, c4, c3, c2, c1, one));
    v128.store(a.dup + at, f32x4.mul(dy, activate(operation, x, share)));
    v128.store(a.dgate + at, f32x4.mul(f32x4.mul(dy, v128.load(a.up + at)), slope));
  }
  const left = count & 3;
  if (left == 0) return;
  const x = loadPart(a.gate + whole, left);
  const dy = loadPart(a.dy + whole, left);
  const exponent = exponent4(operation, x, prepared(operation, a.dup + whole, left), rate, cubic, most);
  const e = exp2(exponent, low, magic, c5, c4, c3, c2, c1, one);
  const share = share4(operation, x, e, one);
  const slope = slope4(operation, x, share, exp2(densityExponent(x), low, magic, c5, c4, c3, c2, c1, one));
  storePart(a.dup + whole, f32x4.mul(dy, activate(operation, x, share)), left);
  storePart(a.dgate + whole, f32x4.mul(f32x4.mul(dy, loadPart(a.up + whole, left)), slope), left);
}

export function gateSigmoidGrad(args: GateGradArguments, task: u32, thread: u32): void {
  gateGrad(SIGMOID, args, task);
}

export function gateReluGrad(args: GateGradArguments, task: u32, thread: u32): void {
  gateGrad(RELU, args, task);
}

export function gateGeluGrad(args: GateGradArguments, task: u32, thread: u32): void {
  gateGrad(GELU, args, task);
}

export function gateGeluTanhGrad(args: GateGradArguments, task: u32, thread: u32): void {
  gateGrad(GELU_TANH, args, task);
}

export function gateSiluGrad(args: GateGradArguments, task: u32, thread: u32): void {
  gateGrad(SILU, args, task);
}
