// The gradients of attention; weights are recomputed block by block from logSumExp. Dao et al. 2022, "FlashAttention".
//
// With P the weights, dO the gradient of the output, dW that of the weights, where they are outputs too, and
// delta = rowsum(dO ∘ O) + rowsum(dW ∘ P) - gradLogSumExp: dV = Pᵀ dO, dP = dO Vᵀ + dW, dS = P ∘ (dP - delta),
// dQ = scale dS K, dK = scale dSᵀ Q. Dropout multiplies P in dV, and dO Vᵀ.
import { AttentionArguments, Cells, dropStrip, isHardened, keyHead, openLanes, scoreStrip, STRIP } from "../attention";
import { ATTENTION_BLOCK } from "../constants";
import { enterBlock, packKeys } from "../backward-blocks";
import { copyRows, prepareQueries, rowsOf } from "../backward-rows";
import { BackwardWorkspace, backwardWorkspace } from "../backward-workspace";
import { pack } from "../pack";
import { BLOCK_LINE, tile4x8, tileLines4x8 } from "../tile";
import { exp2, EXP4_C1, EXP4_C2, EXP4_C3, EXP4_C4, EXP4_C5, EXP4_LOW, EXP4_MAGIC, kept, LN_4, zerosBefore } from "../vector";
import { addRow } from "../weighted-rows";

/** A task is one query head. */
export function attentionBackward(a: AttentionArguments, task: u32, thread: u32): void {
  const w = backwardWorkspace(a, a.scratch + <usize>thread * a.scratchBytes);
  w.cells.batch = <i32>task / a.heads;
  w.cells.head = <i32>task % a.heads;
  prepareQueries(a, w, task);
  const keyBlocks = (a.keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK;
  for (let keyBlock = 0; keyBlock < keyBlocks; keyBlock++) goThroughQueries(a, w, task, keyBlock);
  copyRows(a.gradQuery + (<usize>task * a.queryLength * a.headDim << 2), a.headDim, w.gradQuery, w.headWidth, a.queryLength);
}

/** Computes dK and dV of a block of keys, and adds its part of dQ. */
function goThroughQueries(a: AttentionArguments, w: BackwardWorkspace, map: i32, keyBlock: i32): void {
  const cells = w.cells;
  const key = packKeys(a, w, keyBlock);
  const row = keyHead(a, cells.batch, cells.head) * a.keyLength + cells.keyStart;
  pack(w.values, a.value + (row * a.valueDim << 2), cells.keys, a.valueDim, <usize>a.valueDim << 2, 4, 4);
  const keyRows = rowsOf(w.keyRows, key, cells.keys, a.headDim, w.headWidth);
  memory.fill(w.gradKey, 0, <usize>ATTENTION_BLOCK * w.headWidth << 2);
  memory.fill(w.gradValue, 0, <usize>ATTENTION_BLOCK * w.valueWidth << 2);
  const queryBlocks = (a.queryLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK;
  for (let queryBlock = 0; queryBlock < queryBlocks; queryBlock++) {
    if (!enterBlock(a, cells, queryBlock, keyBlock)) continue;
    for (let strip = 0; strip << 3 < cells.queries; strip++) weighStrip(a, w, map, strip);
    if (cells.bits && isHardened(a)) addOpenProducts(w, keyRows);
    else addProducts(w, keyRows);
  }
  const own = <usize>map * a.keyLength + cells.keyStart;
  copyRows(a.gradKey + (own * a.headDim << 2), a.headDim, w.gradKey, w.headWidth, cells.keys);
  copyRows(a.gradValue + (own * a.valueDim << 2), a.valueDim, w.gradValue, w.valueWidth, cells.keys);
}

/** Computes the columns of a strip in `weights` and `gradScores`. */
function weighStrip(a: AttentionArguments, w: BackwardWorkspace, map: i32, strip: i32): void {
  const cells = w.cells;
  const first = <usize>(cells.queryStart + strip * STRIP);
  const column = <usize>strip << 5;
  const weights = w.weights + column;
  const gradScores = w.gradScores + column;
  scoreStrip(a, cells, strip, w.keys, w.queries + (first * a.headDim << 2), weights, BLOCK_LINE);
  const gradOutputs = w.gradOutputs + (first * a.valueDim << 2);
  const panel = <usize>a.valueDim << 4;
  for (let key = 0; key < cells.keys; key += 4) {
    tile4x8(w.values + <usize>(key >> 2) * panel, 16, gradOutputs, 32, a.valueDim, gradScores + <usize>key * BLOCK_LINE, BLOCK_LINE, false);
  }
  if (a.dropThreshold > 0) fillFactors(a, w, strip);
  if (a.gradWeights) packGradWeights(a, w, map, strip);
  for (let half: usize = 0; half < 32; half += 16) {
    const state = (first << 2) + half;
    finishLanes(a, w, weights + half, gradScores + half, w.factors + half, w.gradWeights + half, v128.load(w.shift + state), v128.load(w.correction + state), v128.load(w.delta + state));
  }
  if (cells.bits && isHardened(a)) clearForbidden(cells, strip, weights, gradScores);
  if (a.gradBias) writeGradBias(a, cells, map, strip, gradScores);
  scaleLanes(gradScores, cells.keys, a.scale);
}

function fillFactors(a: AttentionArguments, w: BackwardWorkspace, strip: i32): void {
  const end = w.factors + (<usize>w.cells.keys << 5);
  for (let at = w.factors; at < end; at += 16) v128.store(at, f32x4.splat(1));
  dropStrip(a, w.cells, strip, w.factors);
}

/** Transposes the gradients of the weights of a strip. */
function packGradWeights(a: AttentionArguments, w: BackwardWorkspace, map: i32, strip: i32): void {
  const first = w.cells.queryStart + strip * STRIP;
  const lanes = min(STRIP, w.cells.queryStart + w.cells.queries - first);
  const from = (<usize>map * a.queryLength + first) * a.keyLength + w.cells.keyStart;
  pack(w.gradWeights, a.gradWeights + (from << 2), lanes, w.cells.keys, <usize>a.keyLength << 2, 4, STRIP);
}

/** Scores become weights (with dropout), and dP becomes dS, for four queries. */
function finishLanes(a: AttentionArguments, w: BackwardWorkspace, weights: usize, gradScores: usize, factors: usize, gradWeights: usize, shift: v128, correction: v128, delta: v128): void {
  const zeros = zerosBefore(changetype<usize>(a));
  const low = kept(EXP4_LOW, zeros);
  const magic = kept(EXP4_MAGIC, zeros);
  const c5 = kept(EXP4_C5, zeros);
  const c4 = kept(EXP4_C4, zeros);
  const c3 = kept(EXP4_C3, zeros);
  const c2 = kept(EXP4_C2, zeros);
  const c1 = kept(EXP4_C1, zeros);
  const one = kept(1, zeros);
  const dropping = a.dropThreshold > 0;
  const asked = a.gradWeights != 0;
  const inverseCap: f32 = a.softcap > 0 ? LN_4 / a.softcap : <f32>0;
  for (let key = w.cells.keys; key > 0; key--) {
    const score = v128.load(weights);
    const weight = f32x4.mul(exp2(f32x4.sub(score, shift), low, magic, c5, c4, c3, c2, c1, one), correction);
    let gradWeight = v128.load(gradScores);
    let used = weight;
    if (dropping) {
      const factor = v128.load(factors);
      gradWeight = f32x4.mul(gradWeight, factor);
      used = f32x4.mul(weight, factor);
      factors += 32;
    }
    if (asked) {
      gradWeight = f32x4.add(gradWeight, v128.load(gradWeights));
      gradWeights += 32;
    }
    let gradScore = f32x4.mul(weight, f32x4.sub(gradWeight, delta));
    if (inverseCap > 0) gradScore = f32x4.mul(gradScore, capSlope(score, inverseCap));
    v128.store(weights, used);
    v128.store(gradScores, gradScore);
    weights += BLOCK_LINE;
    gradScores += BLOCK_LINE;
  }
}

/** 1 - tanh² from the capped score; 0 for -Infinity, a forbidden cell. */
@inline
function capSlope(score: v128, inverseCap: f32): v128 {
  const tanh = f32x4.mul(score, f32x4.splat(inverseCap));
  const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(tanh, tanh));
  return v128.andnot(slope, f32x4.eq(score, f32x4.splat(-Infinity)));
}

function clearForbidden(cells: Cells, strip: i32, weights: usize, gradScores: usize): void {
  for (let key = 0; key < cells.keys; key++) {
    for (let half = 0; half < 2; half++) {
      const at = <usize>key * BLOCK_LINE + (half << 4);
      const open = openLanes(cells.bits, key, strip, half);
      v128.store(weights + at, v128.and(open, v128.load(weights + at)));
      v128.store(gradScores + at, v128.and(open, v128.load(gradScores + at)));
    }
  }
}

function writeGradBias(a: AttentionArguments, cells: Cells, map: i32, strip: i32, gradScores: usize): void {
  const first = cells.queryStart + strip * STRIP;
  const lanes = min(STRIP, cells.queryStart + cells.queries - first);
  for (let lane = 0; lane < lanes; lane++) {
    let to = a.gradBias + (((<usize>map * a.queryLength + first + lane) * a.keyLength + cells.keyStart) << 2);
    for (let key = 0; key < cells.keys; key++) {
      store<f32>(to, load<f32>(gradScores + <usize>key * BLOCK_LINE + (<usize>lane << 2)));
      to += 4;
    }
  }
}

function scaleLanes(gradScores: usize, keys: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (; keys > 0; keys--) {
    v128.store(gradScores, f32x4.mul(v128.load(gradScores), factor));
    v128.store(gradScores, f32x4.mul(v128.load(gradScores, 16), factor), 16);
    gradScores += BLOCK_LINE;
  }
}

/** dV += Pᵀ dO, dK += dSᵀ Q, dQ += dS K for one block of cells. */
function addProducts(w: BackwardWorkspace, keyRows: usize): void {
  const cells = w.cells;
  const headStep = <usize>w.headWidth << 2;
  const valueStep = <usize>w.valueWidth << 2;
  addLines(w.weights, cells, w.gradOutputRows + <usize>cells.queryStart * valueStep, valueStep, w.gradValue);
  addLines(w.gradScores, cells, w.queryRows + <usize>cells.queryStart * headStep, headStep, w.gradKey);
  const gradQuery = w.gradQuery + <usize>cells.queryStart * headStep;
  for (let column: usize = 0; column < headStep; column += 32) {
    for (let q = 0; q < cells.queries; q += 4) {
      tile4x8(w.gradScores + (<usize>q << 2), BLOCK_LINE, keyRows + column, headStep, cells.keys, gradQuery + <usize>q * headStep + column, headStep, true);
    }
  }
}

/** sums [key][width] += lines [key][query] times rows [query][width]. */
function addLines(lines: usize, cells: Cells, rows: usize, step: usize, sums: usize): void {
  for (let column: usize = 0; column < step; column += 32) {
    for (let key = 0; key < cells.keys; key += 4) {
      tileLines4x8(lines + <usize>key * BLOCK_LINE, rows + column, step, cells.queries, sums + <usize>key * step + column, step);
    }
  }
}

/** {@link addProducts} cell by cell: forbidden cells add nothing even when an input is NaN. */
function addOpenProducts(w: BackwardWorkspace, keyRows: usize): void {
  const cells = w.cells;
  for (let key = 0; key < cells.keys; key++) {
    for (let q = 0; q < cells.queries; q++) {
      if (((load<u8>(cells.bits + (<usize>key << 3) + (q >> 3)) >> <u8>(q & 7)) & 1) == 0) continue;
      const cell = <usize>key * BLOCK_LINE + (<usize>q << 2);
      const row = <usize>(cells.queryStart + q);
      const gradScore = load<f32>(w.gradScores + cell);
      const valueRow = row * w.valueWidth << 2;
      const headRow = row * w.headWidth << 2;
      addRow(w.gradValue + (<usize>key * w.valueWidth << 2), load<f32>(w.weights + cell), w.gradOutputRows + valueRow, w.valueWidth);
      addRow(w.gradKey + (<usize>key * w.headWidth << 2), gradScore, w.queryRows + headRow, w.headWidth);
      addRow(w.gradQuery + headRow, gradScore, keyRows + (<usize>key * w.headWidth << 2), w.headWidth);
    }
  }
}
