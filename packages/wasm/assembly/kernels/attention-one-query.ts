// Attention of one query, as in decoding a token: keys and values are read once and not copied.
import { AttentionArguments, bitsOf, isHardened, keyHead, maskBlock, roundUp4 } from "../attention";
import { ATTENTION_BLOCK } from "../constants";
import { dot, fourDots } from "../dots";
import {
  atLeast, exp2, EXP4_C1, EXP4_C2, EXP4_C3, EXP4_C4, EXP4_C5, EXP4_LOW, EXP4_MAGIC, fourTo, horizontalMax, horizontalSum, kept, LN_4, log4, LOG4_E, scoreOf, tanh4, zerosBefore,
} from "../vector";
import { addFourRows, addRow } from "../weighted-rows";

/** Scratch that each thread of `attentionOneQuery` needs: a weight for each key and the scaled query, each padded to a multiple of 4. */
export function oneQueryBytes(keyLength: i32, headDim: i32): f64 {
  return (<f64>roundUp4(keyLength) + <f64>roundUp4(headDim)) * 4;
}

/** A task is one head. No dropout. */
export function attentionOneQuery(a: AttentionArguments, task: u32, thread: u32): void {
  const weights = a.scratch + <usize>thread * a.scratchBytes;
  const output = a.output + (<usize>task * a.valueDim << 2);
  const batch = <i32>task / a.heads;
  const head = <i32>task % a.heads;
  const row = keyHead(a, batch, head) * a.keyRoom;
  const query = weights + (<usize>roundUp4(a.keyLength) << 2);
  scaleQuery(query, a.query + (<usize>task * a.headDim << 2), a.headDim, a.scale * LOG4_E);
  scoreKeys(a, query, a.key + (row * a.headDim << 2), batch, head, weights);
  const largest = largestOf(weights, a.keyLength);
  memory.fill(output, 0, <usize>a.valueDim << 2);
  const sink: f32 = a.sink ? load<f32>(a.sink + (<usize>head << 2)) * LOG4_E : -Infinity;
  const top = largest == -Infinity ? max<f32>(sink, 0) : max(largest, sink);
  const own = weigh(a, weights, top);
  const dead = largest == -Infinity && own == 0; // not where a score is NaN
  const sum = own + (a.sink ? sinkWeight(sink, top) : <f32>0);
  const logSumExp = f32x4.extract_lane(scoreOf(f32x4.splat(top)), 0) + f32x4.extract_lane(log4(f32x4.splat(sum)), 0);
  store<f32>(a.logSumExp + (<usize>task << 2), dead ? <f32>-Infinity : sum == sum ? logSumExp : sum);
  if (!dead) addValues(a, batch, head, weights, a.value + (row * a.valueDim << 2), <f32>1 / sum, output);
  if (a.weights) writeWeights(a, batch, head, weights, a.weights + (<usize>task * a.keyLength << 2));
}

/** Before the products, because a product can overflow where the score does not. */
function scaleQuery(to: usize, from: usize, headDim: i32, scale: f32): void {
  for (let at: usize = 0; at < <usize>headDim << 2; at += 4) store<f32>(to + at, load<f32>(from + at) * scale);
}

/** Scores times log4 e; -Infinity where forbidden. */
function scoreKeys(a: AttentionArguments, query: usize, key: usize, batch: i32, head: i32, scores: usize): void {
  const line = <usize>a.headDim << 2;
  for (let first = 0; first < a.keyLength; first += ATTENTION_BLOCK) {
    const keys = min(ATTENTION_BLOCK, a.keyLength - first);
    const to = scores + (<usize>first << 2);
    const mask = maskBlock(a, batch, head, 0, first / ATTENTION_BLOCK);
    if (mask != -2) {
      scoreBlock(query, key + <usize>first * line, line, keys, to);
      if (a.bias) addBias(a, batch, head, first, keys, to);
      finishScores(a, to, keys, bitsOf(a, mask));
    } else for (let k = 0; k < keys; k++) store<f32>(to + (<usize>k << 2), -Infinity);
  }
}

function scoreBlock(query: usize, key: usize, line: usize, keys: i32, to: usize): void {
  let k = 0;
  for (; k + 4 <= keys; k += 4) {
    fourDots(query, line, key, line, to + (<usize>k << 2), 4);
    key += 4 * line;
  }
  for (; k < keys; k++) {
    store<f32>(to + (<usize>k << 2), dot(query, key, line));
    key += line;
  }
}

/** scores += bias times log4 e. */
function addBias(a: AttentionArguments, batch: i32, head: i32, first: i32, keys: i32, scores: usize): void {
  let from = a.bias + (<usize>(batch * a.biasBatch + head * a.biasHead + first * a.biasKey) << 2);
  for (const end = scores + (<usize>keys << 2); scores < end; scores += 4) {
    store<f32>(scores, load<f32>(scores) + load<f32>(from) * LOG4_E);
    from += <usize>a.biasKey << 2;
  }
}

function finishScores(a: AttentionArguments, scores: usize, keys: i32, bits: usize): void {
  if (a.softcap > 0) capScores(scores, keys, a.softcap);
  if (!bits) return;
  for (let k = 0; k < keys; k++) if (!isOpen(bits, k)) store<f32>(scores + (<usize>k << 2), -Infinity);
}

function capScores(scores: usize, keys: i32, softcap: f32): void {
  const cap = f32x4.splat(softcap * LOG4_E);
  const inverse = f32x4.splat(LN_4 / softcap);
  for (const end = scores + (<usize>keys << 2); scores < end; scores += 16) {
    v128.store(scores, f32x4.mul(cap, tanh4(f32x4.mul(v128.load(scores), inverse))));
  }
}

@inline
function isOpen(bits: usize, key: i32): bool {
  return (load<u8>(bits + (<usize>key << 3)) & 1) != 0;
}

function largestOf(scores: usize, count: i32): f32 {
  let largest4 = f32x4.splat(-Infinity);
  const whole = scores + (<usize>(count & ~3) << 2);
  const end = scores + (<usize>count << 2);
  for (; scores < whole; scores += 16) largest4 = atLeast(largest4, v128.load(scores));
  let largest = horizontalMax(largest4);
  for (; scores < end; scores += 4) largest = max(largest, load<f32>(scores));
  return largest;
}

/** Turns scores into weights relative to `top`; returns their sum. */
function weigh(a: AttentionArguments, scores: usize, top: f32): f32 {
  const zeros = zerosBefore(changetype<usize>(a));
  const low = kept(EXP4_LOW, zeros);
  const magic = kept(EXP4_MAGIC, zeros);
  const c5 = kept(EXP4_C5, zeros);
  const c4 = kept(EXP4_C4, zeros);
  const c3 = kept(EXP4_C3, zeros);
  const c2 = kept(EXP4_C2, zeros);
  const c1 = kept(EXP4_C1, zeros);
  const one = kept(1, zeros);
  const shift = f32x4.splat(top);
  let sum4 = f32x4.splat(0);
  const count = a.keyLength;
  for (let k = count; k < roundUp4(count); k++) store<f32>(scores + (<usize>k << 2), -Infinity);
  const end = scores + (<usize>roundUp4(count) << 2);
  for (let at = scores; at < end; at += 16) {
    const weight = exp2(f32x4.sub(v128.load(at), shift), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(at, weight);
    sum4 = f32x4.add(sum4, weight);
  }
  return horizontalSum(sum4);
}

function sinkWeight(sink: f32, top: f32): f32 {
  return f32x4.extract_lane(fourTo(f32x4.splat(sink - top)), 0);
}

/** output += Σ weight · factor · value. Does not read blocks without an open key, nor forbidden values that may be NaN. */
function addValues(a: AttentionArguments, batch: i32, head: i32, weights: usize, value: usize, factor: f32, output: usize): void {
  const line = <usize>a.valueDim << 2;
  for (let first = 0; first < a.keyLength; first += ATTENTION_BLOCK) {
    const mask = maskBlock(a, batch, head, 0, first / ATTENTION_BLOCK);
    if (mask == -2) continue;
    const keys = min(ATTENTION_BLOCK, a.keyLength - first);
    const own = weights + (<usize>first << 2);
    for (let k = 0; k < keys; k++) store<f32>(own + (<usize>k << 2), load<f32>(own + (<usize>k << 2)) * factor);
    const bits = isHardened(a) ? bitsOf(a, mask) : 0;
    addBlock(a, own, value + <usize>first * line, line, keys, bits, output);
  }
}

/** Copies the weights, with 0 where a key is forbidden: there they are NaN in a row with NaN. */
function writeWeights(a: AttentionArguments, batch: i32, head: i32, weights: usize, to: usize): void {
  for (let first = 0; first < a.keyLength; first += ATTENTION_BLOCK) {
    const keys = min(ATTENTION_BLOCK, a.keyLength - first);
    const mask = maskBlock(a, batch, head, 0, first / ATTENTION_BLOCK);
    const bits = bitsOf(a, mask);
    for (let k = 0; k < keys; k++) {
      const open = mask != -2 && (!bits || isOpen(bits, k));
      store<f32>(to + (<usize>(first + k) << 2), open ? load<f32>(weights + (<usize>(first + k) << 2)) : 0);
    }
  }
}

function addBlock(a: AttentionArguments, weights: usize, value: usize, line: usize, keys: i32, bits: usize, output: usize): void {
  let k = 0;
  if (!bits) {
    for (; k + 4 <= keys; k += 4) addFourRows(output, weights + (<usize>k << 2), value + <usize>k * line, line, a.valueDim);
  }
  for (; k < keys; k++) {
    if (!bits || isOpen(bits, k)) addRow(output, load<f32>(weights + (<usize>k << 2)), value + <usize>k * line, a.valueDim);
  }
}
