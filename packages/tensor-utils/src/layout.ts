/** A layout of named dimensions, as `checkShapes` takes it, read once. */
export interface Layout {
  /** Whether any number of dimensions may stand before the names. */
  readonly open: boolean;
  readonly names: readonly string[];
  /** The size that a name demands which is a number. */
  readonly numbers: readonly (number | undefined)[];
}

const kept = new Map<string, Layout>();
const mostKept = 1000; // layouts are written in code; only made ones are more

/** The layout that words with single spaces between them say. */
export function layoutOf(words: string): Layout {
  const known = kept.get(words);
  if (known !== undefined) return known;
  if (kept.size === mostKept) kept.clear();
  const layout = readLayout(words);
  kept.set(words, layout);
  return layout;
}

function readLayout(words: string): Layout {
  const all = words.split(" ");
  const open = all[0] === "...";
  const names = open ? all.slice(1) : all;
  return { open, names, numbers: names.map((name) => (/^\d+$/.test(name) ? Number(name) : undefined)) };
}

/**
 * Gives the names that have no size yet those of a shape.
 *
 * @returns the first name whose size is another one, or that is a number; "" where the rank is wrong; undefined where the shape fits
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
