// Functions of single numbers.
import {
  activate, apply, ERF, EXP, GELU, GELU_TANH, RELU, RSQRT, share4, SIGMOID, SILU, slope4, SQRT, TANH,
} from "../activations";
import { loadPart, storePart } from "../parts";

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
  const count = min(a.count - from, a.countPerTask);
  let x = a.x + (<usize>from << 2);
  const y = a.y - a.x;
  for (const end = x + ((<usize>count & ~3) << 2); x < end; x += 16) v128.store(x + y, apply(operation, v128.load(x)));
  if (count & 3) storePart(x + y, apply(operation, loadPart(x, count & 3)), count & 3);
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
  const count = min(a.count - from, a.countPerTask);
  let gate = a.gate + (<usize>from << 2);
  const up = a.up - a.gate;
  const y = a.y - a.gate;
  for (const end = gate + ((<usize>count & ~3) << 2); gate < end; gate += 16) {
    v128.store(gate + y, f32x4.mul(factor(operation, slope, v128.load(gate)), v128.load(gate + up)));
  }
  const left = count & 3;
  if (left) storePart(gate + y, f32x4.mul(factor(operation, slope, loadPart(gate, left)), loadPart(gate + up, left)), left);
}

@inline
function factor(operation: i32, slope: bool, x: v128): v128 {
  const share = share4(operation, x);
  return slope ? slope4(operation, x, share) : activate(operation, x, share);
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
  const whole = (<usize>count & ~3) << 2;
  const start = <usize>from << 2;
  for (let at = start; at < start + whole; at += 16) {
    const x = v128.load(a.gate + at);
    const dy = v128.load(a.dy + at);
    const share = share4(operation, x);
    v128.store(a.dup + at, f32x4.mul(dy, activate(operation, x, share)));
    v128.store(a.dgate + at, f32x4.mul(f32x4.mul(dy, v128.load(a.up + at)), slope4(operation, x, share)));
  }
  const left = count & 3;
  if (left == 0) return;
  const at = start + whole;
  const x = loadPart(a.gate + at, left);
  const dy = loadPart(a.dy + at, left);
  const share = share4(operation, x);
  storePart(a.dup + at, f32x4.mul(dy, activate(operation, x, share)), left);
  storePart(a.dgate + at, f32x4.mul(f32x4.mul(dy, loadPart(a.up + at, left)), slope4(operation, x, share)), left);
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
