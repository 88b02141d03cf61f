// Attention without its score matrix: an online softmax over blocks of keys.
// Milakov, Gimelshein 2018, "Online normalizer calculation for softmax"; Dao et al. 2022, "FlashAttention".
import { AttentionArguments, bitsOf, Cells, dropStrip, isHardened, keyHead, maskBlock, openLanes, packedBlock, packQueries, roundUp4, scoreStrip, STRIP } from "../attention";
import { ATTENTION_BLOCK } from "../constants";
import { finishRows, finiteShift, scaleOutputs } from "../forward-rows";
import { forbidScores, keepScores } from "../forward-weights";
import { ForwardWorkspace, forwardWorkspace } from "../forward-workspace";
import { pack } from "../pack";
import { tile4x8 } from "../tile";
import { atLeast, exp2, EXP4_C1, EXP4_C2, EXP4_C3, EXP4_C4, EXP4_C5, EXP4_LOW, EXP4_MAGIC, fourTo, kept, madd, zerosBefore } from "../vector";

/** Packs the keys, which every block of queries reads; a task is one block of keys of one key-value head. */
export function attentionPackKeys(a: AttentionArguments, task: u32, thread: u32): void {
  const blocks = <u32>((a.keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK);
  const map = <usize>(task / blocks);
  const block = <i32>(task % blocks);
  const line = <usize>a.headDim << 2;
  const first = block * ATTENTION_BLOCK;
  pack(packedBlock(a, map, block), a.key + (map * a.keyRoom + first) * line, min(ATTENTION_BLOCK, a.keyLength - first), a.headDim, line, 4, 4);
}

/** A task is one block of queries of one head. */
export function attentionForward(a: AttentionArguments, task: u32, thread: u32): void {
  const queryBlocks = <u32>((a.queryLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK);
  const map = <i32>(task / queryBlocks);
  const block = <i32>(task % queryBlocks);
  const w = forwardWorkspace(a, a.scratch + <usize>thread * a.scratchBytes);
  const cells = w.cells;
  cells.batch = map / a.heads;
  cells.head = map % a.heads;
  cells.queryStart = block * ATTENTION_BLOCK;
  cells.queries = min(ATTENTION_BLOCK, a.queryLength - cells.queryStart);
  const row = <usize>map * a.queryLength + cells.queryStart;
  packQueries(a, w.queries, a.query + ((row * a.headDim) << 2), cells.queries);
  start(a, w);
  const keyBlocks = (a.keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK;
  for (let keyBlock = 0; keyBlock < keyBlocks; keyBlock++) {
    const mask = maskBlock(a, cells.batch, cells.head, block, keyBlock);
    if (mask != -2) attendBlock(a, w, keyBlock, bitsOf(a, mask));
  }
  finishRows(a, w, row);
}

function start(a: AttentionArguments, w: ForwardWorkspace): void {
  memory.fill(w.outputs, 0, (<usize>ATTENTION_BLOCK * roundUp4(a.valueDim)) << 2);
  memory.fill(w.sums, 0, ATTENTION_BLOCK * 4);
  for (let lane: usize = 0; lane < <usize>(ATTENTION_BLOCK * 4); lane += 16) v128.store(w.largest + lane, f32x4.splat(-Infinity));
}

/** Adds one block of keys to every strip of queries. */
function attendBlock(a: AttentionArguments, w: ForwardWorkspace, keyBlock: i32, bits: usize): void {
  const cells = w.cells;
  const keyStart = keyBlock * ATTENTION_BLOCK;
  const keys = min(ATTENTION_BLOCK, a.keyLength - keyStart);
  const map = keyHead(a, cells.batch, cells.head);
  const packed = packedBlock(a, map, keyBlock);
  const width = roundUp4(a.valueDim);
  let values = a.value + (((map * a.keyRoom + keyStart) * a.valueDim) << 2);
  if (width != a.valueDim) values = padRows(w.values, values, keys, a.valueDim, width);
  const strips = (cells.queries + STRIP - 1) / STRIP;
  for (let strip = 0; strip < strips; strip++) {
    if (a.weights && bits) forbidScores(a, cells, strip, keyStart, keys);
    const first = openKeys(cells, strip, keyStart, keys, bits);
    if (cells.keys > 0) attendStrip(a, w, strip, packed + ((<usize>first * a.headDim) << 2), values + ((<usize>first * width) << 2), width);
  }
}

/** Narrows the cells to the keys that a strip may attend to, starting at a multiple of 4; returns the first. */
function openKeys(cells: Cells, strip: i32, keyStart: i32, keys: i32, bits: usize): i32 {
  let first = 0;
  if (bits) {
    while (keys > 0 && load<u8>(bits + (<usize>(keys - 1) << 3) + strip) == 0) keys--;
    while (first < keys && load<u8>(bits + (<usize>first << 3) + strip) == 0) first++;
    first &= ~3;
  }
  cells.keyStart = keyStart + first;
  cells.keys = keys - first;
  cells.bits = bits ? bits + (<usize>first << 3) : 0;
  return first;
}

function attendStrip(a: AttentionArguments, w: ForwardWorkspace, strip: i32, keys: usize, values: usize, width: i32): void {
  const cells = w.cells;
  const outputs = w.outputs + ((<usize>strip * STRIP * width) << 2);
  scoreStrip(a, cells, strip, keys, w.queries + ((<usize>strip * STRIP * a.headDim) << 2), w.scores, 32);
  if (a.weights) keepScores(a, cells, strip, w.scores);
  weigh(a, w, strip, cells.keys, outputs, width);
  if (a.dropThreshold > 0) dropStrip(a, cells, strip, w.scores);
  if (cells.bits && isHardened(a)) addOpenValues(cells, strip, w.scores, values, width, outputs);
  else addValues(w.scores, cells.keys, values, width, outputs);
}

/** Copies rows and pads them with zeros to `width` numbers. */
function padRows(to: usize, from: usize, rows: i32, columns: i32, width: i32): usize {
  const start = to;
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    memory.copy(to, from, bytes);
    for (let column = columns; column < width; column++) store<f32>(to + (<usize>column << 2), 0);
    to += <usize>width << 2;
    from += bytes;
  }
  return start;
}

/** Turns scores into weights relative to the new maximum, and rescales the sums and outputs so far. */
function weigh(a: AttentionArguments, w: ForwardWorkspace, strip: i32, keys: i32, outputs: usize, width: i32): void {
  const state = <usize>strip << 5;
  const end = w.scores + (<usize>keys << 5);
  const before0 = v128.load(w.largest + state);
  const before1 = v128.load(w.largest + state, 16);
  let largest0 = before0;
  let largest1 = before1;
  for (let at = w.scores; at < end; at += 32) {
    largest0 = atLeast(largest0, v128.load(at)); // NaN is never the largest; it reaches the sum
    largest1 = atLeast(largest1, v128.load(at, 16));
  }
  v128.store(w.largest + state, largest0);
  v128.store(w.largest + state, largest1, 16);
  const shift0 = finiteShift(largest0);
  const shift1 = finiteShift(largest1);
  const zeros = zerosBefore(changetype<usize>(a));
  const low = kept(EXP4_LOW, zeros);
  const magic = kept(EXP4_MAGIC, zeros);
  const c5 = kept(EXP4_C5, zeros);
  const c4 = kept(EXP4_C4, zeros);
  const c3 = kept(EXP4_C3, zeros);
  const c2 = kept(EXP4_C2, zeros);
  const c1 = kept(EXP4_C1, zeros);
  const one = kept(1, zeros);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  for (let at = w.scores; at < end; at += 32) {
    const weight0 = exp2(f32x4.sub(v128.load(at), shift0), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(at, weight0);
    sum0 = f32x4.add(sum0, weight0);
    const weight1 = exp2(f32x4.sub(v128.load(at, 16), shift1), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(at, weight1, 16);
    sum1 = f32x4.add(sum1, weight1);
  }
  const factor0 = fourTo(f32x4.sub(before0, shift0));
  const factor1 = fourTo(f32x4.sub(before1, shift1));
  const sums = w.sums + state;
  v128.store(sums, madd(v128.load(sums), factor0, sum0));
  v128.store(sums, madd(v128.load(sums, 16), factor1, sum1), 16);
  if (v128.any_true(v128.or(f32x4.ne(factor0, one), f32x4.ne(factor1, one)))) scaleOutputs(outputs, width, factor0, factor1);
}

/** outputs [width][8] += valuesᵀ weights. */
function addValues(weights: usize, keys: i32, values: usize, width: i32, outputs: usize): void {
  const step = <usize>width << 2;
  const end = values + step;
  for (; values < end; values += 16) {
    tile4x8(values, step, weights, 32, keys, outputs, 32, true);
    outputs += 128;
  }
}

/** {@link addValues} where a forbidden value adds nothing even when it is NaN. */
function addOpenValues(cells: Cells, strip: i32, weights: usize, values: usize, width: i32, outputs: usize): void {
  for (let key = 0; key < cells.keys; key++) {
    const at = weights + (<usize>key << 5);
    const open0 = openLanes(cells.bits, key, strip, 0);
    const open1 = openLanes(cells.bits, key, strip, 1);
    for (let column = 0; column < width; column++) {
      const value = v128.load32_splat(values + (<usize>(key * width + column) << 2));
      const to = outputs + (<usize>column << 5);
      v128.store(to, f32x4.add(v128.load(to), v128.and(open0, f32x4.mul(v128.load(at), value))));
      v128.store(to, f32x4.add(v128.load(to, 16), v128.and(open1, f32x4.mul(v128.load(at, 16), value))), 16);
    }
  }
}
