import { sizeOf } from "../sizes.js";

/** One pass that reduces `[outer, length, inner]` to `[outer, pieces, inner]`. */
export interface ReductionPass {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly pieceLength: number;
}

/** The shape of a reduction over these axes and its passes: the innermost run of axes first, long runs in pieces. */
export function planReduction(
  shape: readonly number[],
  axes: readonly number[],
  keepDims: boolean,
): { readonly shape: number[]; readonly length: number; readonly passes: readonly ReductionPass[] } {
  const reduced = new Set(axes);
  const kept = shape.map((size, axis) => (reduced.has(axis) ? 1 : size));
  return {
    shape: keepDims ? kept : kept.filter((_, axis) => !reduced.has(axis)),
    length: sizeOf(shape.filter((_, axis) => reduced.has(axis))),
    passes: planPasses(groupDimensions(shape, reduced)),
  };
}

interface Group {
  readonly size: number;
  readonly reduced: boolean;
}

/** Merges adjacent dimensions that are both reduced or both kept, and leaves out dimensions of size 1. */
function groupDimensions(shape: readonly number[], reducedAxes: ReadonlySet<number>): Group[] {
  const groups: Group[] = [];
  shape.forEach((size, axis) => {
    const reduced = reducedAxes.has(axis);
    const last = groups.at(-1);
    if (size === 1) return;
    if (last?.reduced === reduced) groups[groups.length - 1] = { size: last.size * size, reduced };
    else groups.push({ size, reduced });
  });
  return groups;
}

function planPasses(groups: readonly Group[]): ReductionPass[] {
  const at = groups.findLastIndex(({ reduced }) => reduced);
  if (at < 0) return [{ outer: 1, length: 1, inner: sizeOf(sizes(groups)), pieceLength: 1 }];
  const [before, after] = [groups.slice(0, at), groups.slice(at + 1)];
  const [outer, length, inner] = [sizeOf(sizes(before)), groups[at]!.size, sizeOf(sizes(after))];
  const pieceLength = Math.min(length, Math.ceil(2 ** 15 / Math.min(inner, 16)));
  const pieces = Math.ceil(length / pieceLength);
  const passes = [{ outer, length, inner, pieceLength }];
  if (pieces > 1) passes.push({ outer, length: pieces, inner, pieceLength: pieces });
  return before.some(({ reduced }) => reduced) ? [...passes, ...planPasses([...before, ...after])] : passes;
}

function sizes(groups: readonly Group[]): number[] {
  return groups.map(({ size }) => size);
}
