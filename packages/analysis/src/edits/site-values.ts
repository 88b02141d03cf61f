import { broadcastTo, gather, type Tensor, tensor1d, tensor2d, where } from "@tensorflow/tfjs-core";
import { own, refuse, scope, ShapeError } from "@tfblocks/tensor-utils";
import { inRange, type Site } from "./sites.js";

/** The rows and columns of a site in a tensor `[batch, length, width]`; undefined = all. */
interface Selection {
  readonly positions: readonly number[] | undefined;
  readonly columns: readonly number[] | undefined;
}

function selectionOf(operation: string, site: Site, owner: unknown, x: Tensor): Selection {
  if (x.rank !== 3) {
    refuse(ShapeError, operation, `the ${site.side} of "${site.part}"`, "[batch, length, width]", `[${x.shape.join(", ")}]`);
  }
  const [, length, width] = x.shape as [number, number, number];
  return {
    positions: site.positions && inRange(operation, "positions", site.positions, length),
    columns: site.columns?.(owner, width),
  };
}

/** The value of a site: `[batch, positions, columns]` of a tensor `[batch, length, width]`. The caller owns it. */
export function readSite(operation: string, site: Site, owner: unknown, x: Tensor): Tensor {
  const { positions, columns } = selectionOf(operation, site, owner, x);
  return scope(() => {
    const rows = positions === undefined ? x : gather(x, indexTensor(positions), 1);
    return own(columns === undefined ? rows : gather(rows, indexTensor(columns), 2));
  });
}

/**
 * A tensor with the value of a site replaced; everything else keeps its bits.
 *
 * @param change maps the old value `[batch, positions, columns]` to one that broadcasts to this shape
 */
export function changeSite(operation: string, site: Site, owner: unknown, x: Tensor, change: (value: Tensor) => Tensor): Tensor {
  const { positions, columns } = selectionOf(operation, site, owner, x);
  return scope(() => {
    const old = readSite(operation, site, owner, x);
    const changed = change(old);
    if (changed === old) return own(x);
    const value = fitted(operation, site, changed, old.shape);
    if (positions === undefined && columns === undefined) return own(value);
    const [, length, width] = x.shape as [number, number, number];
    const [rows, across] = [slots(positions, length), slots(columns, width)];
    const full = gather(gather(value, indexTensor(rows.from), 1), indexTensor(across.from), 2);
    const cells = rows.chosen.flatMap((row) => across.chosen.map((column) => row && column));
    return where(broadcastTo(tensor2d(cells, [length, width], "bool"), x.shape), full, x);
  });
}

function fitted(operation: string, { part, side }: Site, value: Tensor, shape: readonly number[]): Tensor {
  const fits = value.rank <= 3 && value.shape.every((size, axis) => size === 1 || size === shape[axis + 3 - value.rank]);
  if (!fits) {
    const site = `values for the ${side} of "${part}"`;
    refuse(ShapeError, operation, site, `broadcastable to [${shape.join(", ")}]`, `[${value.shape.join(", ")}]`);
  }
  return broadcastTo(value, [...shape]);
}

/** For each index below `size`, whether it is chosen, and which entry of the value it takes. */
function slots(indices: readonly number[] | undefined, size: number): { chosen: boolean[]; from: number[] } {
  const places = new Map((indices ?? Array.from({ length: size }, (_, index) => index)).map((index, place) => [index, place]));
  const all = Array.from({ length: size }, (_, index) => index);
  return { chosen: all.map((index) => places.has(index)), from: all.map((index) => places.get(index) ?? 0) };
}

function indexTensor(indices: readonly number[]): Tensor {
  return tensor1d([...indices], "int32");
}
