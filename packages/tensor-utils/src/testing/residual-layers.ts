import { add, mul, randomNormal, type Tensor, train } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { Composite, Linear, type Parts, Random, scope } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";

/** Two maps with a residual; it reports how it was called. */
export class Residual extends Composite {
  readonly up: Linear;
  readonly down: Linear;
  readonly seen: unknown[] = [];

  constructor({ width, seed = 0 }: { readonly width: number; readonly seed?: number }) {
    super("Residual");
    const random = new Random(seed);
    this.up = new Linear({ inFeatures: width, outFeatures: 5, random: random.split("up") });
    this.down = new Linear({ inFeatures: 5, outFeatures: width, random: random.split("down") });
  }

  apply(x: Tensor, options: { readonly training?: boolean; readonly seed?: number } = {}): Tensor {
    this.seen.push(options);
    return scope(() => add(x, this.down.apply(mul(this.up.apply(x), 2))));
  }

  parts(): Parts {
    return { up: this.up, down: this.down };
  }
}

/** Inputs and targets, the same in each call. */
export const data = () => use({ x: use(randomNormal([8, 4, 3], 0, 1, "float32", 1)), y: use(randomNormal([8, 4, 3], 0, 1, "float32", 2)) });

/** The loss of each epoch on `data`. */
export async function fit(model: LayersModel, epochs = 2): Promise<number[]> {
  const { x, y } = data();
  model.compile({ optimizer: use(train.sgd(0.1)), loss: "meanSquaredError" });
  const { history } = await model.fit(x, y, { epochs, shuffle: false, batchSize: 8 });
  return history["loss"] as number[];
}
