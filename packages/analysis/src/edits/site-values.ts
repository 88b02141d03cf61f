import { broadcastTo, type Tensor, tensor3d, where } from "@tensorflow/tfjs-core";
import { broadcast, checkTensor, own, refuse, scope, ShapeError } from "@tfblocks/tensor-utils";
import { placeSlices, selectSlices } from "./select.js";
import { inRange, type Site } from "./sites.js";

/** The value of a site in each part that its pattern matches: `[batch, positions, columns]` by the name of the part. */
export type SiteValues = Readonly<Record<string, Tensor>>;

/** The rows and columns of a site in a tensor `[batch, length, width]`; undefined = all. */
interface Selection {
  readonly positions: readonly number[] | undefined;
  readonly columns: readonly number[] | undefined;
}

function selectionOf(operation: string, site: Site, owner: unknown, x: Tensor): Selection {
  if (x.rank !== 3 || x.dtype !== "float32") {
    const received = `${x.dtype} [${x.shape.join(", ")}]`;
    refuse(ShapeError, operation, `the ${site.side} of "${site.part}"`, "a float32 tensor [batch, length, width]", received);
  }
  const [, length, width] = x.shape as [number, number, number];
  return {
    positions: site.positions && inRange(operation, "positions", site.positions, length),
    columns: site.columns?.(operation, owner, width),
  };
}

/** The value of a site: `[batch, positions, columns]` of a tensor `[batch, length, width]`. The caller owns it. */
export function readSite(operation: string, site: Site, owner: unknown, x: Tensor): Tensor {
  const { positions, columns } = selectionOf(operation, site, owner, x);
  return scope(() => {
    const rows = positions === undefined ? x : selectSlices(x, positions, 1);
    return own(columns === undefined ? rows : selectSlices(rows, columns, 2));
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
    checkTensor(operation, `the new value for the ${site.side} of "${site.part}"`, changed);
    const value = fitted(operation, site, changed, old.shape);
    if (positions === undefined && columns === undefined) return own(value);
    const [batch, length, width] = x.shape as [number, number, number];
    const rows = positions === undefined ? value : placeSlices(value, positions, 1, length);
    const full = columns === undefined ? rows : placeSlices(rows, columns, 2, width);
    return where(broadcastTo(cellsOf({ positions, columns }, length, width), [batch, length, width]), full, x);
  });
}

function fitted(operation: string, { part, side }: Site, value: Tensor, shape: readonly number[]): Tensor {
  const fits = value.rank <= 3 && value.shape.every((size, axis) => size === 1 || size === shape[axis + 3 - value.rank]);
  if (!fits) {
    const site = `values for the ${side} of "${part}"`;
    refuse(ShapeError, operation, site, `broadcastable to [${shape.join(", ")}]`, `[${value.shape.join(", ")}]`);
  }
  return broadcast(value, shape);
}

/** Which cells a selection contains: bool `[1, length, width]`. */
function cellsOf({ positions, columns }: Selection, length: number, width: number): Tensor {
  const across = chosen(columns, width);
  const none = new Uint8Array(width);
  const rows = Array.from(chosen(positions, length), (isChosen) => (isChosen === 1 ? across : none));
  return tensor3d(
    Uint8Array.from({ length: length * width }, (_, cell) => rows[Math.floor(cell / width)]![cell % width]!),
    [1, length, width],
    "bool",
  );
}

function chosen(indices: readonly number[] | undefined, size: number): Uint8Array {
  const cells = new Uint8Array(size).fill(indices === undefined ? 1 : 0);
  for (const index of indices ?? []) cells[index] = 1;
  return cells;
}
