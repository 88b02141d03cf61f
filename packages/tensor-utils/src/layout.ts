/** A parsed layout of named dimensions; see `checkShapes`. */
export interface Layout {
  /** Whether the layout starts with `...`, so that any number of dimensions may precede the names. */
  readonly open: boolean;
  readonly names: readonly string[];
  /** The exact size of each word that is a number; undefined for a name. */
  readonly numbers: readonly (number | undefined)[];
}

const cache = new Map<string, Layout>();
const maxCached = 1000; // code has fewer layouts; only generated ones could grow without bound

/** Parses a layout such as `"batch heads length"`, with a cache. */
export function layoutOf(words: string): Layout {
  const cached = cache.get(words);
  if (cached !== undefined) return cached;
  if (cache.size === maxCached) cache.clear();
  const layout = parseLayout(words);
  cache.set(words, layout);
  return layout;
}

function parseLayout(words: string): Layout {
  const all = words.split(" ");
  const open = all[0] === "...";
  const names = open ? all.slice(1) : all;
  return { open, names, numbers: names.map((name) => (/^\d+$/.test(name) ? Number(name) : undefined)) };
}

/**
 * Matches a shape against a layout, and adds the size of every new name to `sizes`.
 *
 * @returns undefined when the shape matches; otherwise the first word whose size differs, or "" when the rank is wrong
 */
export function bindSizes({ open, names, numbers }: Layout, shape: readonly number[], sizes: Record<string, number>): string | undefined {
  const first = shape.length - names.length;
  if (open ? first < 0 : first !== 0) return "";
  for (let axis = 0; axis < names.length; axis++) {
    const name = names[axis]!;
    const size = shape[first + axis]!;
    const expected = numbers[axis] ?? sizes[name];
    if (expected === undefined) sizes[name] = size;
    else if (expected !== size) return name;
  }
  return undefined;
}
