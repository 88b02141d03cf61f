import { values } from "../inputs.mjs";
import { size, timed } from "./timed.mjs";

/**
 * A block by the file of its rows, `packages/<name>/bench/<file>.mjs`.
 *
 * @param make `(rows) => { apply, dispose }`, one side of the file
 */
export async function prepareBlock({ tf, load, use, make }, { file, shapes }) {
  const rows = await load(file);
  use();
  const block = await make(rows);
  const inputs = shapes.map((shape, index) => tf.tensor(values(index + 1, size(shape)), shape));
  const prepared = timed(tf, use, inputs, block.apply);
  return { ...prepared, dispose: () => [prepared.dispose(), block.dispose()] };
}

/** `packages/norm/bench/rms-norm.mjs` -> `@tfblocks/norm`. */
export const packageOf = (file) => `@tfblocks/${file.split("/")[1]}`;
