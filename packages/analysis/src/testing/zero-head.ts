import { concat, slice, tidy, zeros } from "@tensorflow/tfjs-core";
import type { GoldenModel } from "./golden-batch.js";

/** Sets the columns of a head in the weight of an output projection to 0; the bias stays. */
export function zeroHead(model: GoldenModel, attention: string, head: number, heads: number): void {
  const weight = model.parameters()[`${attention}.output.weight`]!; // [dModel, heads × valueDim]
  const [rows, columns] = weight.shape as [number, number];
  const width = columns / heads;
  tidy(() => {
    const after = columns - (head + 1) * width;
    const parts = [slice(weight, [0, 0], [rows, head * width]), zeros([rows, width]), slice(weight, [0, columns - after], [rows, after])];
    weight.assign(
      concat(
        parts.filter(({ size }) => size > 0),
        1,
      ),
    );
  });
}
