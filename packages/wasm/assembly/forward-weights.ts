// The weights of the forward pass, where they are asked for: a block leaves its scores in their place, and each row is
// weighed when its largest score and its sum are known. So no score is computed twice.
import { AttentionArguments, Cells, maskBlock, STRIP } from "./attention";
import { ATTENTION_BLOCK } from "./constants";
import { writeRows } from "./lane-rows";
import { loadPart, storePart } from "./parts";
import { exp2, EXP4_C1, EXP4_C2, EXP4_C3, EXP4_C4, EXP4_C5, EXP4_LOW, EXP4_MAGIC, kept, zerosBefore } from "./vector";

/** The place of a weight: a query of the cells' head, and a key. */
@inline
function weightAt(a: AttentionArguments, cells: Cells, query: i32, key: i32): usize {
  const row = <usize>(cells.batch * a.heads + cells.head) * a.queryLength + query;
  return a.weights + ((row * a.keyLength + key) << 2);
}

/** Sets the scores of a strip in a partial block to -Infinity. */
export function forbidScores(a: AttentionArguments, cells: Cells, strip: i32, keyStart: i32, keys: i32): void {
  const first = cells.queryStart + strip * STRIP;
  const end = min(first + STRIP, cells.queryStart + cells.queries);
  for (let query = first; query < end; query++) fillCells(weightAt(a, cells, query, keyStart), keys, f32x4.splat(-Infinity));
}

/** Writes the scores [key][8] of a strip. */
export function keepScores(a: AttentionArguments, cells: Cells, strip: i32, scores: usize): void {
  const first = cells.queryStart + strip * STRIP;
  const lanes = min(STRIP, cells.queryStart + cells.queries - first);
  writeRows(weightAt(a, cells, first, cells.keyStart), <usize>a.keyLength << 2, scores, lanes, cells.keys);
}

/** Turns the scores of a query into weights, 4^(score - shift) · factor, and writes zeros where a whole block is forbidden. */
export function weighRow(a: AttentionArguments, cells: Cells, query: i32, shift: v128, factor: v128): void {
  const row = weightAt(a, cells, query, 0);
  for (let key = 0; key < a.keyLength; key += ATTENTION_BLOCK) {
    const at = row + (<usize>key << 2);
    const keys = min(ATTENTION_BLOCK, a.keyLength - key);
    const mask = maskBlock(a, cells.batch, cells.head, query / ATTENTION_BLOCK, key / ATTENTION_BLOCK);
    if (mask == -2) fillCells(at, keys, f32x4.splat(0));
    else weighCells(a, at, keys, shift, factor);
  }
}

function fillCells(at: usize, keys: i32, x: v128): void {
  const end = at + (<usize>keys << 2);
  for (; at + 12 < end; at += 16) v128.store(at, x);
  if (at < end) storePart(at, x, <i32>((end - at) >> 2));
}

function weighCells(a: AttentionArguments, at: usize, keys: i32, shift: v128, factor: v128): void {
  const zeros = zerosBefore(changetype<usize>(a));
  const low = kept(EXP4_LOW, zeros);
  const magic = kept(EXP4_MAGIC, zeros);
  const c5 = kept(EXP4_C5, zeros);
  const c4 = kept(EXP4_C4, zeros);
  const c3 = kept(EXP4_C3, zeros);
  const c2 = kept(EXP4_C2, zeros);
  const c1 = kept(EXP4_C1, zeros);
  const one = kept(1, zeros);
  const forbidden = f32x4.splat(-Infinity);
  const end = at + (<usize>keys << 2);
  for (; at + 12 < end; at += 16) {
    const score = v128.load(at);
    const weight = exp2(f32x4.sub(score, shift), low, magic, c5, c4, c3, c2, c1, one);
    v128.store(at, v128.andnot(f32x4.mul(weight, factor), f32x4.eq(score, forbidden))); // 0 also in a row with NaN
  }
  if (at == end) return;
  const left = <i32>((end - at) >> 2);
  const score = loadPart(at, left);
  const weight = exp2(f32x4.sub(score, shift), low, magic, c5, c4, c3, c2, c1, one);
  storePart(at, v128.andnot(f32x4.mul(weight, factor), f32x4.eq(score, forbidden)), left);
}
