// Shared by the forward and the backward pass of attention: arguments, blocks of the mask, and scores of a block.
//
// Each lane holds a query. A strip is 8 queries; a block is 64 queries by 64 keys. Scores are stored as [key][query lane],
// so the softmax over keys runs down the rows without sums across lanes, and the weights are an operand of the next product
// where they are.
import { ATTENTION_BLOCK } from "./constants";
import { drop } from "./dropout";
import { pack } from "./pack";
import { tile4x8 } from "./tile";
import { LN_4, LOG4_E, tanh4 } from "./vector";

export const STRIP = 8;
/** Bytes of one strip of a block: 64 keys by 8 queries. */
export const STRIP_BYTES: usize = ATTENTION_BLOCK * STRIP * 4;

/** Every tensor is float32 and dense; strides are in elements. */
@unmanaged
export class AttentionArguments {
  /** [batch, heads, queryLength, headDim] */
  query: usize;
  /** [batch, kvHeads, keyRoom, headDim], from the first key on */
  key: usize;
  /** [batch, kvHeads, keyRoom, valueDim], from the first value on */
  value: usize;
  /** Strides of 0 broadcast it; address 0 = none. */
  bias: usize;
  /** [heads]; address 0 = none. */
  sink: usize;
  /** [batch, heads, queryLength, valueDim] */
  output: usize;
  /** [batch, heads, queryLength] */
  logSumExp: usize;
  /** [batch, heads, queryLength, keyLength], before dropout; address 0 = none. */
  weights: usize;
  heads: i32;
  kvHeads: i32;
  queryLength: i32;
  keyLength: i32;
  /** Rows from one key-value head to the next. Backward: keyLength. */
  keyRoom: i32;
  headDim: i32;
  valueDim: i32;
  scale: f32;
  /** 0 = none. */
  softcap: f32;
  biasBatch: i32;
  biasHead: i32;
  biasQuery: i32;
  biasKey: i32;
  /** For each block of the mask -2 empty, -1 full, else its index in `bits`; address 0 = no mask. */
  blocks: usize;
  /** [index][64 keys] of 64 bits: bit q is set where query q may attend to the key. */
  bits: usize;
  /** Blocks from one batch element or head of the mask to the next; 0 when the mask is the same for all. */
  maskBatch: i32;
  maskHead: i32;
  /** A word that is not 0 when an input holds NaN or infinities, which must not spread through forbidden cells; address 0 = no mask. */
  nonFinite: usize;
  /** A cell is dropped when its random word is below this; 0 = no dropout. */
  dropThreshold: u64;
  dropKeep: f32;
  dropSeed: u32;
  queryOffset: u32;
  keyOffset: u32;
  /** `scratchBytes` for each thread. */
  scratch: usize;
  scratchBytes: i32;
  /** Forward only: [batch, kvHeads, key block][key / 4][headDim][4] in blocks of 64 keys. */
  packedKeys: usize;
  /** Backward only: gradients of `output`, `logSumExp` and `weights`, in their shapes; the last where there are weights. */
  gradOutput: usize;
  gradLogSumExp: usize;
  gradWeights: usize;
  /** [batch, heads, queryLength, headDim] */
  gradQuery: usize;
  /** [batch, heads, keyLength, headDim or valueDim]: one for each query head; the caller sums over the heads of a group. */
  gradKey: usize;
  gradValue: usize;
  /** [batch, heads, queryLength, keyLength]; the caller sums it to the shape of the bias. 0 = none. */
  gradBias: usize;
  /** [batch, heads]; the caller sums it over the batch. 0 = none. */
  gradSink: usize;
}

/** One block of cells of one head. */
@unmanaged
export class Cells {
  batch: i32;
  head: i32;
  queryStart: i32;
  queries: i32;
  keyStart: i32;
  keys: i32;
  /** The bits of a partial block, or 0. */
  bits: usize;
}

@inline
export function roundUp4(x: i32): i32 {
  return (x + 3) & ~3;
}

@inline
export function roundUp8(x: i32): i32 {
  return (x + 7) & ~7;
}

@inline
export function keyHead(a: AttentionArguments, batch: i32, head: i32): usize {
  return <usize>(batch * a.kvHeads + head / (a.heads / a.kvHeads));
}

/** Which cells of a block are open: -2 none, -1 all, else the index of the block in `bits`. */
@inline
export function maskBlock(a: AttentionArguments, batch: i32, head: i32, queryBlock: i32, keyBlock: i32): i32 {
  if (a.blocks == 0) return -1;
  const columns = (a.keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK;
  const map = batch * a.maskBatch + head * a.maskHead;
  return load<i32>(a.blocks + (<usize>(map + queryBlock * columns + keyBlock) << 2));
}

@inline
export function bitsOf(a: AttentionArguments, block: i32): usize {
  return block < 0 ? 0 : a.bits + <usize>block * (ATTENTION_BLOCK * 8);
}

/** Bytes of the packed keys of one key-value head. */
export function packedKeysBytes(keyLength: i32, headDim: i32): f64 {
  return <f64>((keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK) * <f64>(ATTENTION_BLOCK * 4) * <f64>headDim;
}

/** The packed keys of a block. */
@inline
export function packedBlock(a: AttentionArguments, map: usize, keyBlock: i32): usize {
  const blocks = (a.keyLength + ATTENTION_BLOCK - 1) / ATTENTION_BLOCK;
  return a.packedKeys + ((map * blocks + keyBlock) * ATTENTION_BLOCK * a.headDim << 2);
}

/** Packs queries as [strip][headDim][8] and multiplies them by scale · log4 e, so that weights are powers of 4 of scores. */
export function packQueries(a: AttentionArguments, to: usize, from: usize, queries: i32): void {
  const end = pack(to, from, queries, a.headDim, <usize>a.headDim << 2, 4, STRIP);
  const scale = f32x4.splat(a.scale * LOG4_E);
  for (; to < end; to += 16) v128.store(to, f32x4.mul(v128.load(to), scale));
}

/** A lane mask of the queries of half a strip: all bits are set where the query may attend to the key. */
@inline
export function openLanes(bits: usize, key: i32, strip: i32, half: i32): v128 {
  const open = i32x4.splat(<i32>load<u8>(bits + (<usize>key << 3) + strip));
  const own = half == 0 ? i32x4(1, 2, 4, 8) : i32x4(16, 32, 64, 128);
  return i32x4.ne(v128.and(open, own), i32x4.splat(0));
}

/**
 * Writes the masked scores of a strip times log4 e as [key][8], `stride` bytes from key to key: cap(q · k + bias), or
 * -Infinity where forbidden.
 *
 * @param keys packed keys, [key / 4][headDim][4]
 * @param queries packed queries of the strip, [headDim][8]
 */
export function scoreStrip(a: AttentionArguments, cells: Cells, strip: i32, keys: usize, queries: usize, scores: usize, stride: usize): void {
  const depth = a.headDim;
  const panel = <usize>depth << 4;
  const tiles = (cells.keys + 3) >> 2;
  for (let tile = 0; tile < tiles; tile++) {
    tile4x8(keys, 16, queries, 32, depth, scores + <usize>tile * 4 * stride, stride, false);
    keys += panel;
  }
  if (a.bias) addBias(a, cells, strip, scores, stride);
  if (a.softcap > 0) capScores(scores, stride, cells.keys, a.softcap);
  if (cells.bits) maskScores(cells, strip, scores, stride);
}

function addBias(a: AttentionArguments, cells: Cells, strip: i32, scores: usize, stride: usize): void {
  const first = cells.queryStart + strip * STRIP;
  const lanes = min(STRIP, cells.queryStart + cells.queries - first);
  const map = a.bias + (<usize>(cells.batch * a.biasBatch + cells.head * a.biasHead) << 2);
  for (let lane = 0; lane < lanes; lane++) {
    let from = map + ((<usize>(first + lane) * a.biasQuery + <usize>cells.keyStart * a.biasKey) << 2);
    let to = scores + (<usize>lane << 2);
    for (let key = 0; key < cells.keys; key++) {
      store<f32>(to, load<f32>(to) + load<f32>(from) * LOG4_E);
      from += <usize>a.biasKey << 2;
      to += stride;
    }
  }
}

function capScores(scores: usize, stride: usize, keys: i32, softcap: f32): void {
  const cap = f32x4.splat(softcap * LOG4_E);
  const inverse = f32x4.splat(LN_4 / softcap);
  for (let key = 0; key < keys; key++) {
    v128.store(scores, f32x4.mul(cap, tanh4(f32x4.mul(v128.load(scores), inverse))));
    v128.store(scores, f32x4.mul(cap, tanh4(f32x4.mul(v128.load(scores, 16), inverse))), 16);
    scores += stride;
  }
}

function maskScores(cells: Cells, strip: i32, scores: usize, stride: usize): void {
  const forbidden = f32x4.splat(-Infinity);
  for (let key = 0; key < cells.keys; key++) {
    const at = scores + <usize>key * stride;
    v128.store(at, v128.bitselect(v128.load(at), forbidden, openLanes(cells.bits, key, strip, 0)));
    v128.store(at, v128.bitselect(v128.load(at, 16), forbidden, openLanes(cells.bits, key, strip, 1)), 16);
  }
}

/** Multiplies weights of a strip by their dropout factors: 0 or 1 / (1 - rate). */
export function dropStrip(a: AttentionArguments, cells: Cells, strip: i32, weights: usize): void {
  const query = a.queryOffset + <u32>(cells.queryStart + strip * STRIP);
  const key = a.keyOffset + <u32>cells.keyStart;
  drop(weights, cells.keys, a.dropSeed, <u32>cells.batch, <u32>cells.head, query, key, a.dropThreshold, a.dropKeep);
}

/** Whether forbidden cells have to be kept apart, because an input holds NaN or infinities. */
@inline
export function isHardened(a: AttentionArguments): bool {
  return a.nonFinite != 0 && load<u32>(a.nonFinite) != 0;
}
