import { QuantizedMatrix, type QuantizedRows } from "@tfblocks/quantization";

/** The rows of one of their tensors that each of ours has, by the names of ours. */
export type RowsOfOurs = Readonly<Record<string, readonly number[]>>;

/** Matrices by the names of ours; the caller owns them. */
export type Matrices = Readonly<Record<string, QuantizedMatrix>>;

/**
 * Makes matrices whose rows are set as one of their tensors is read. If anything fails, nothing is left.
 *
 * @param names of ours
 * @param open makes the rows of a matrix
 * @param fill sets all rows
 */
export async function buildMatrices(
  names: readonly string[],
  open: (name: string) => QuantizedRows,
  fill: (rows: Readonly<Record<string, QuantizedRows>>) => Promise<void>,
): Promise<Matrices> {
  const rows: Record<string, QuantizedRows> = {};
  const matrices: Record<string, QuantizedMatrix> = {};
  try {
    for (const name of names) rows[name] = open(name);
    await fill(rows);
    for (const name of names) matrices[name] = new QuantizedMatrix(rows[name]!);
    return matrices;
  } catch (error) {
    for (const each of Object.values(rows)) each.discard();
    for (const each of Object.values(matrices)) each.dispose();
    throw error;
  }
}
