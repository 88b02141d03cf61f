// One step of AdamW.
import { loadPart, storePart } from "../parts";
import { madd, nmadd } from "../vector";

/**
 * All tensors: [count]. decay = 1 - learningRate · weightDecay, stepSize = learningRate / (1 - beta1^step),
 * inverseRoot = 1 / sqrt(1 - beta2^step), kept1 = 1 - beta1, kept2 = 1 - beta2. `countPerTask` numbers per task.
 */
@unmanaged
export class AdamWArguments {
  parameter: usize;
  gradient: usize;
  m: usize;
  v: usize;
  newParameter: usize;
  newM: usize;
  newV: usize;
  count: i32;
  countPerTask: i32;
  decay: f32;
  stepSize: f32;
  inverseRoot: f32;
  eps: f32;
  kept1: f32;
  beta2: f32;
  kept2: f32;
}

export function adamW(a: AdamWArguments, task: u32, thread: u32): void {
  const from = <i32>task * a.countPerTask;
  const count = min(a.count - from, a.countPerTask);
  const end = <usize>(from + (count & ~3)) << 2;
  for (let at = <usize>from << 2; at < end; at += 16) {
    const gradient = v128.load(a.gradient + at);
    const m = newM(a, v128.load(a.m + at), gradient);
    const v = newV(a, v128.load(a.v + at), gradient);
    v128.store(a.newM + at, m);
    v128.store(a.newV + at, v);
    v128.store(a.newParameter + at, newParameter(a, v128.load(a.parameter + at), m, v));
  }
  const left = count & 3;
  if (left == 0) return;
  const gradient = loadPart(a.gradient + end, left);
  const m = newM(a, loadPart(a.m + end, left), gradient);
  const v = newV(a, loadPart(a.v + end, left), gradient);
  storePart(a.newM + end, m, left);
  storePart(a.newV + end, v, left);
  storePart(a.newParameter + end, newParameter(a, loadPart(a.parameter + end, left), m, v), left);
}

@inline
function newM(a: AdamWArguments, m: v128, gradient: v128): v128 {
  return madd(f32x4.sub(gradient, m), f32x4.splat(a.kept1), m);
}

@inline
function newV(a: AdamWArguments, v: v128, gradient: v128): v128 {
  return madd(f32x4.mul(gradient, gradient), f32x4.splat(a.kept2), f32x4.mul(v, f32x4.splat(a.beta2)));
}

@inline
function newParameter(a: AdamWArguments, parameter: v128, m: v128, v: v128): v128 {
  const root = madd(f32x4.sqrt(v), f32x4.splat(a.inverseRoot), f32x4.splat(a.eps));
  return nmadd(f32x4.splat(a.stepSize), f32x4.div(m, root), f32x4.mul(parameter, f32x4.splat(a.decay)));
}
