// Elementwise functions of one tensor.
import {
  apply, CUBIC_RATE, ERF, EXP, exponent4, GELU, GELU_TANH, MOST, prepare, prepared, rateOf, RELU, RSQRT, SIGMOID, SILU, SQRT, STEP, TANH,
} from "../activations";
import { loadPart, storePart } from "../parts";
import { exp2, EXP2_C1, EXP2_C2, EXP2_C3, EXP2_C4, EXP2_C5, EXP2_LOW, EXP2_MAGIC, kept, zerosBefore } from "../vector";

/** x and y: [count]; `countPerTask` numbers per task, a multiple of 4. */
@unmanaged
export class MapArguments {
  x: usize;
  y: usize;
  count: i32;
  countPerTask: i32;
}

@inline
function map(operation: i32, a: MapArguments, task: u32): void {
  const from = <i32>task * a.countPerTask;
  let left = min(a.count - from, a.countPerTask);
  let x = a.x + (<usize>from << 2);
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
    v128.store(x + y, apply(operation, x0, e0, one));
    if (STEP == 1) continue;
    const x1 = v128.load(x, 16);
    const e1 = exp2(exponent4(operation, x1, prepared(operation, x + y + 16, 4), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(x + y, apply(operation, x1, e1, one), 16);
  }
  for (; left > 0; left -= 4, x += 16) {
    const part = min(left, 4);
    const x0 = loadPart(x, part);
    const e0 = exp2(exponent4(operation, x0, prepared(operation, x + y, part), rate, cubic, most), low, magic, c5, c4, c3, c2, c1, one);
    storePart(x + y, apply(operation, x0, e0, one), part);
  }
}

export function mapExp(args: MapArguments, task: u32, thread: u32): void {
  map(EXP, args, task);
}

export function mapTanh(args: MapArguments, task: u32, thread: u32): void {
  map(TANH, args, task);
}

export function mapErf(args: MapArguments, task: u32, thread: u32): void {
  map(ERF, args, task);
}

export function mapSqrt(args: MapArguments, task: u32, thread: u32): void {
  map(SQRT, args, task);
}

export function mapRsqrt(args: MapArguments, task: u32, thread: u32): void {
  map(RSQRT, args, task);
}

export function mapSigmoid(args: MapArguments, task: u32, thread: u32): void {
  map(SIGMOID, args, task);
}

export function mapRelu(args: MapArguments, task: u32, thread: u32): void {
  map(RELU, args, task);
}

export function mapGelu(args: MapArguments, task: u32, thread: u32): void {
  map(GELU, args, task);
}

export function mapGeluTanh(args: MapArguments, task: u32, thread: u32): void {
  map(GELU_TANH, args, task);
}

export function mapSilu(args: MapArguments, task: u32, thread: u32): void {
  map(SILU, args, task);
}
