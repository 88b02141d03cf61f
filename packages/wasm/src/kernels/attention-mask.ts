import type { FusedAttentionMask } from "@tfblocks/tensor-utils";

/** Edge length of the kernels' blocks, in queries and keys. */
export const blockLength = 64;
const bitBytes = blockLength * 8;
const states = { empty: 0, partial: 1, full: 2 } as const;
const codes = { empty: -2, full: -1 } as const;

/** A mask as the kernels read it. */
export interface PackedMask {
  readonly batch: number;
  readonly heads: number;
  /** `[batch, heads, queryBlocks, keyBlocks]`: -2 empty, -1 full, else which of `bits` the block has. */
  readonly blocks: Int32Array;
  /** For each partial block 64 keys of 64 bits, bit q of a key set where query q may attend to it. */
  readonly bits: Uint8Array;
}

const packed = new WeakMap<FusedAttentionMask, PackedMask>();

/** Packs a mask, once for each mask object: its arrays count as immutable. */
export function packMask(mask: FusedAttentionMask, queryLength: number, keyLength: number): PackedMask {
  const known = packed.get(mask);
  if (known !== undefined) return known;
  const { query, key } = mask.blockSize;
  const made = query === blockLength && key === blockLength ? packBlocks(mask) : packCells(mask, queryLength, keyLength);
  packed.set(mask, made);
  return made;
}

/** Blocks of our own size: only the cells of partial ones are looked at. */
function packBlocks({ batch, heads, states: given, cells }: FusedAttentionMask): PackedMask {
  let partial = 0;
  const blocks = Int32Array.from(given, (state) =>
    state === states.partial ? partial++ : state === states.full ? codes.full : codes.empty,
  );
  const bits = new Uint8Array(partial * bitBytes);
  for (let block = 0; block < partial; block++) {
    const start = block * blockLength * blockLength;
    packBlock(bits.subarray(block * bitBytes), (query, key) => cells[start + query * blockLength + key] === 1);
  }
  return { batch, heads, blocks, bits };
}

function packBlock(bits: Uint8Array, open: (query: number, key: number) => boolean): number {
  let count = 0;
  for (let query = 0; query < blockLength; query++) {
    const [byte, bit] = [query >> 3, 1 << (query & 7)];
    for (let key = 0; key < blockLength; key++) {
      if (!open(query, key)) continue;
      bits[key * 8 + byte]! |= bit;
      count++;
    }
  }
  return count;
}

/** Blocks of another size: every cell is looked at. */
function packCells(mask: FusedAttentionMask, queryLength: number, keyLength: number): PackedMask {
  const { batch, heads } = mask;
  const [rows, columns] = [Math.ceil(queryLength / blockLength), Math.ceil(keyLength / blockLength)];
  const blocks = new Int32Array(batch * heads * rows * columns);
  const parts: Uint8Array[] = [];
  blocks.forEach((_, index) => {
    const [map, row, column] = [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
    const bits = new Uint8Array(bitBytes);
    const open = packBlock(bits, (query, key) =>
      isOpen(mask, queryLength, keyLength, map, row * blockLength + query, column * blockLength + key),
    );
    blocks[index] = open === 0 ? codes.empty : parts.push(bits) - 1;
  });
  const bits = new Uint8Array(parts.length * bitBytes);
  parts.forEach((part, index) => bits.set(part, index * bitBytes));
  return { batch, heads, blocks, bits };
}

const firstCells = new WeakMap<FusedAttentionMask, Int32Array>();

/** Where each partial block's cells start. */
function firstCellsOf(mask: FusedAttentionMask): Int32Array {
  let starts = firstCells.get(mask);
  if (starts === undefined) {
    let partial = 0;
    starts = Int32Array.from(mask.states, (state) =>
      state === states.partial ? partial++ * mask.blockSize.query * mask.blockSize.key : 0,
    );
    firstCells.set(mask, starts);
  }
  return starts;
}

function isOpen(mask: FusedAttentionMask, queryLength: number, keyLength: number, map: number, query: number, key: number): boolean {
  if (query >= queryLength || key >= keyLength) return false;
  const { blockSize, cells } = mask;
  const columns = Math.ceil(keyLength / blockSize.key);
  const row = map * Math.ceil(queryLength / blockSize.query) + Math.floor(query / blockSize.query);
  const block = row * columns + Math.floor(key / blockSize.key);
  if (mask.states[block] !== states.partial) return mask.states[block] === states.full;
  return cells[firstCellsOf(mask)[block]! + (query % blockSize.query) * blockSize.key + (key % blockSize.key)] === 1;
}
