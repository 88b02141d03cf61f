import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";

/** Sizes of attention maps: `[batch, heads, queryLength, keyLength]`. */
export type MapShape = readonly [batch: number, heads: number, queryLength: number, keyLength: number];

/** Which keys each query may attend to, cell by cell: non-zero = may attend. A dimension of size 1 is broadcast. */
export interface AllowedKeys {
  readonly data: Uint8Array;
  readonly shape: MapShape;
}

/**
 * A mask as a predicate: true = may attend. The masks of `@tfblocks/masks` implement it.
 *
 * `query` and `key` are absolute positions. `batch` and `heads` are the number of sequences and heads that the predicate
 * tells apart; 1, the default, means that all have the same mask.
 */
export interface MaskPredicate {
  readonly batch?: number;
  readonly heads?: number;
  at(batch: number, head: number, query: number, key: number): boolean;
}

/**
 * The mask that the weights were computed under; it is never inferred from zeros. `null` when every key is allowed, a
 * predicate, cells with their shape, or a `Uint8Array` of shape `[queryLength, keyLength]` or
 * `[batch, heads, queryLength, keyLength]`.
 */
export type MapMask = MaskPredicate | AllowedKeys | Uint8Array | null;

/** Absolute positions: query i is at i + queryOffset, key j at j + keyOffset. */
export interface Positions {
  readonly queryOffset: number;
  readonly keyOffset: number;
}

/**
 * A mask in any form as cells.
 *
 * @param argument the name of the mask in errors
 * @throws ShapeError, ValueError when the mask does not fit the maps or is not a mask
 */
export function allowedKeys(operation: string, mask: MapMask, shape: MapShape, positions: Positions, argument = "mask"): AllowedKeys {
  const cells = (allowed: AllowedKeys) => checkedCells(operation, argument, allowed, shape);
  if (mask === null) return expandRows({ data: Uint8Array.of(1), shape: [1, 1, 1, 1] }, shape);
  if (mask instanceof Uint8Array) return cells({ data: mask, shape: shapeByCount(mask.length, shape) });
  if (isPredicate(mask)) return evaluate(operation, argument, mask, shape, positions);
  if (isCells(mask)) return cells(mask);
  const forms = "a mask, a Uint8Array or { data, shape }";
  if (argument !== "mask") return refuse(ValueError, operation, argument, forms, describeValue(mask));
  return refuse(ValueError, operation, argument, `null, ${forms}`, describeValue(mask), "pass null when every key is allowed");
}

/** The index of the first cell of a row, where a batch or heads of size 1 are broadcast. */
export function rowStart({ shape }: AllowedKeys, batch: number, head: number, query: number): number {
  const [batches, heads, queryLength, keyLength] = shape;
  const map = (batches === 1 ? 0 : batch) * heads + (heads === 1 ? 0 : head);
  return (map * queryLength + query) * keyLength;
}

// Arrays have an `at` method too, but are not masks.
function isPredicate(mask: unknown): mask is MaskPredicate {
  return typeof mask === "object" && !Array.isArray(mask) && !ArrayBuffer.isView(mask) && typeof (mask as MaskPredicate).at === "function";
}

function isCells(mask: unknown): mask is AllowedKeys {
  return typeof mask === "object" && (mask as AllowedKeys).data instanceof Uint8Array && Array.isArray((mask as AllowedKeys).shape);
}

function shapeByCount(count: number, shape: MapShape): MapShape {
  const [, , queryLength, keyLength] = shape;
  return count === queryLength * keyLength ? [1, 1, queryLength, keyLength] : shape;
}

function checkedCells(operation: string, argument: string, allowed: AllowedKeys, maps: MapShape): AllowedKeys {
  const { data, shape } = allowed;
  checkBroadcast(operation, argument, shape, maps);
  const cells = shape.reduce((product, size) => product * size, 1);
  if (data.length !== cells) {
    refuse(ShapeError, operation, argument, `${cells} cells for [${shape.join(", ")}]`, data.length);
  }
  return expandRows(allowed, maps);
}

/** Expands query and key dimensions of size 1, for example those of a padding mask; batch and heads are not expanded. */
function expandRows(allowed: AllowedKeys, [, , queryLength, keyLength]: MapShape): AllowedKeys {
  const [batch, heads, maskQueries, maskKeys] = allowed.shape;
  if (maskQueries === queryLength && maskKeys === keyLength) return allowed;
  const data = new Uint8Array(batch * heads * queryLength * keyLength);
  for (let cell = 0; cell < data.length; cell++) {
    const row = Math.floor(cell / keyLength);
    const query = maskQueries === 1 ? 0 : row % queryLength;
    const key = maskKeys === 1 ? 0 : cell % keyLength;
    data[cell] = allowed.data[(Math.floor(row / queryLength) * maskQueries + query) * maskKeys + key]!;
  }
  return { data, shape: [batch, heads, queryLength, keyLength] };
}

function checkBroadcast(operation: string, argument: string, shape: MapShape, maps: MapShape): void {
  if (shape.length === 4 && shape.every((size, axis) => size === 1 || size === maps[axis])) return;
  refuse(
    ShapeError,
    operation,
    argument,
    `[${maps.map((size) => (size === 1 ? "1" : `${size} or 1`)).join(", ")}]`,
    `[${shape.join(", ")}]`,
  );
}

function evaluate(
  operation: string,
  argument: string,
  mask: MaskPredicate,
  maps: MapShape,
  { queryOffset, keyOffset }: Positions,
): AllowedKeys {
  const [, , queryLength, keyLength] = maps;
  const { batch: batches = 1, heads = 1 } = mask;
  const shape: MapShape = [batches, heads, queryLength, keyLength];
  checkBroadcast(operation, argument, shape, maps);
  const data = new Uint8Array(batches * heads * queryLength * keyLength);
  let cell = 0;
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < queryLength; query++) {
        for (let key = 0; key < keyLength; key++) data[cell++] = Number(mask.at(batch, head, query + queryOffset, key + keyOffset));
      }
    }
  }
  return { data, shape };
}
