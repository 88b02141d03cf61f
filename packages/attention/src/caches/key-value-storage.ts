import { concat, engine, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { checkShapes, hold, own } from "@tfblocks/tensor-utils";
import { AppendKeysValues, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";
import { checkEachRun, repeatEachRun } from "@tfblocks/tensor-utils/steps";
import { type CachedKeysValues, keyRowsOf, withoutRoom } from "./key-value-cache.js";

/** What caches store: keys and values with room behind them, into which a call writes its own without moving the others. */
export class KeyValueStorage {
  readonly #roomFor: (keyLength: number) => number;
  /** The data that this storage has made, so that nobody else reads what it writes there. */
  readonly #made = new WeakSet<object>();
  #stored: CachedKeysValues | undefined;

  /** @param roomFor how many rows to make when so many keys no longer fit */
  constructor(roomFor: (keyLength: number) => number) {
    this.#roomFor = roomFor;
  }

  get length(): number {
    if (this.#stored === undefined) return 0;
    const [start, end] = keyRowsOf(this.#stored);
    return this.#stored.keyOffset + end - start;
  }

  get stored(): CachedKeysValues | undefined {
    return this.#stored;
  }

  /** @throws ShapeError when batch, kvHeads, headDim or valueDim differ from those of the stored keys and values */
  join(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    if (this.#stored !== undefined) checkFit(this.#stored, key, value);
    return writesInPlace() ? this.#append(key, value) : concatenated(this.#stored, key, value);
  }

  store({ key, value, keyOffset, keyRows }: CachedKeysValues): void {
    const previous = this.#stored;
    if (previous?.key.dataId === key.dataId) {
      const added = keyRowsOf({ key, value, keyOffset, keyRows })[1] - keyRowsOf(previous)[1];
      this.#stored = { key: previous.key, value: previous.value, keyOffset, keyRows };
      repeatEachRun(() => this.#advance(added));
    } else {
      this.#stored = { key: hold(key), value: hold(value), keyOffset, keyRows };
      release(previous);
    }
  }

  dispose(): void {
    release(this.#stored);
    this.#stored = undefined;
  }

  #append(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const length = key.shape[2];
    const target = this.#hasRoom(length) ? this.#stored! : this.#moved(key, value);
    const [start, end] = keyRowsOf(target);
    const grown = (): number => (this.#stored?.key.dataId === target.key.dataId ? keyRowsOf(this.#stored)[1] - end : 0);
    if (target === this.#stored) checkEachRun(() => this.#checkRoom(target, length));
    runKernel(AppendKeysValues, { cachedKey: target.key, cachedValue: target.value, key, value }, () => ({ at: end + grown() }));
    return { ...target, keyRows: [start, end + length], grown };
  }

  /** @throws Error where a plain run would write elsewhere */
  #checkRoom(target: CachedKeysValues, length: number): void {
    if (this.#stored?.key.dataId === target.key.dataId && this.#hasRoom(length)) return;
    throw new Error("the cache has no room, or other tensors");
  }

  /** Counts keys that a captured step has appended. */
  #advance(added: number): void {
    const [start, end] = keyRowsOf(this.#stored!);
    this.#stored = { ...this.#stored!, keyRows: [start, end + added] };
  }

  #hasRoom(length: number): boolean {
    const stored = this.#stored;
    return stored !== undefined && this.#made.has(stored.key.dataId) && keyRowsOf(stored)[1] + length <= stored.key.shape[2];
  }

  /** The stored keys and values at the start of new tensors, with room for the new ones and later ones. */
  #moved(key: Tensor4D, value: Tensor4D): CachedKeysValues {
    const present = this.#stored && withoutRoom(this.#stored);
    const kept = present?.key.shape[2] ?? 0;
    const room = this.#roomFor(kept + key.shape[2]);
    const [keys, values] = [withRoom(present?.key, key, room), withRoom(present?.value, value, room)];
    this.#made.add(keys.dataId);
    return { key: keys, value: values, keyOffset: present?.keyOffset ?? 0, keyRows: [0, kept] };
  }
}

/** Not where a gradient is taken, whose values must not change. */
function writesInPlace(): boolean {
  return hasKernel(AppendKeysValues) && !engine().isTapeOn();
}

function concatenated(stored: CachedKeysValues | undefined, key: Tensor4D, value: Tensor4D): CachedKeysValues {
  if (stored === undefined) return { key: own(key), value: own(value), keyOffset: 0 };
  const present = withoutRoom(stored);
  return { key: concat([present.key, key], 2), value: concat([present.value, value], 2), keyOffset: stored.keyOffset };
}

/** `[batch, kvHeads, room, dim]`: the rows of `present`, if any, then zeros. */
function withRoom(present: Tensor4D | undefined, fresh: Tensor4D, room: number): Tensor4D {
  const [batch, kvHeads, , dim] = fresh.shape;
  if (present === undefined) return zeros([batch, kvHeads, room, dim]);
  return concat([present, zeros([batch, kvHeads, room - present.shape[2], dim])], 2);
}

function checkFit(stored: CachedKeysValues, key: Tensor4D, value: Tensor4D): void {
  checkShapes("KeyValueCache.join", {
    "cached key": [stored.key, "batch kvHeads cachedLength headDim"],
    key: [key, "batch kvHeads keyLength headDim"],
  });
  checkShapes("KeyValueCache.join", {
    "cached value": [stored.value, "batch kvHeads cachedLength valueDim"],
    value: [value, "batch kvHeads keyLength valueDim"],
  });
}

function release(stored: CachedKeysValues | undefined): void {
  stored?.key.dispose();
  stored?.value.dispose();
}
