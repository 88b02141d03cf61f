/** The parts that `replaceParts` added to a block. The block disposes only these. */
export const addedParts: WeakMap<object, ReadonlySet<object>> = new WeakMap();
