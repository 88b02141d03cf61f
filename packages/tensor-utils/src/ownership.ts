/** Of each block that `replaceParts` made: the parts that were added, which alone it disposes. */
export const addedParts: WeakMap<object, ReadonlySet<object>> = new WeakMap();
