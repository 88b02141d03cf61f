import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { CachedKeysValues, KeyValueCache } from "@tfblocks/attention";
import { withoutRoom } from "@tfblocks/attention/caches";
import { checkShapes, own, refuse, type StateDict, StateDictError, ValueError } from "@tfblocks/tensor-utils";

/** Sizes that a saved cache must have. */
export interface CacheSizes {
  readonly batch?: number;
  readonly length?: number;
}

/** The keys and values of layers by name. The caller owns the tensors. */
export function cacheState(layers: readonly KeyValueCache[]): StateDict {
  const entries = layers.flatMap(({ stored }, index) => {
    if (stored === undefined) return [];
    refuseDropped("ModelCache.stateDict", stored, "as a window does");
    const { key, value } = withoutRoom(stored);
    return [
      [`layers.${index}.key`, own(key)],
      [`layers.${index}.value`, own(value)],
    ];
  });
  return Object.fromEntries(entries) as StateDict;
}

/** The keys and values of each layer that a state dict holds. @throws as `ModelCache.loadStateDict` */
export function layersOfState(state: StateDict, numLayers: number, expected: CacheSizes): CachedKeysValues[] {
  const names = Array.from({ length: numLayers }, (_, index) => [`layers.${index}.key`, `layers.${index}.value`] as const);
  const known = new Set<string>(names.flat());
  const missing = [...known].filter((name) => state[name] === undefined);
  const unexpected = Object.keys(state).filter((name) => !known.has(name));
  if (missing.length + unexpected.length > 0) throw new StateDictError("ModelCache.loadStateDict", missing, unexpected, []);
  return names.map(([keyName, valueName]) => {
    const [key, value] = [state[keyName]!, state[valueName]!];
    checkShapes(
      "ModelCache.loadStateDict",
      { [keyName]: [key, "batch kvHeads length headDim"], [valueName]: [value, "batch kvHeads length valueDim"] },
      sizesOf(state, expected),
    );
    return { key: key as Tensor4D, value: value as Tensor4D, keyOffset: 0 };
  });
}

/** The sizes that all layers share: those expected, or else those of the first key. */
function sizesOf(state: StateDict, { batch, length }: CacheSizes): Record<string, readonly [size: number, source: string]> {
  const first = "layers.0.key";
  const shape = state[first]!.shape;
  return {
    ...(batch === undefined ? shape[0] !== undefined && { batch: [shape[0], first] } : { batch: [batch, "the cache"] }),
    ...(length === undefined ? shape[2] !== undefined && { length: [shape[2], first] } : { length: [length, "ids"] }),
  };
}

/** @throws ValueError when keys were dropped that a shorter or a loaded text attends to */
export function refuseDropped(operation: string, { keyOffset }: CachedKeysValues, received: string): void {
  if (keyOffset === 0) return;
  refuse(ValueError, operation, "cache", "one that holds all keys", `one that has dropped ${keyOffset}, ${received}`, "use a GrowingCache");
}
