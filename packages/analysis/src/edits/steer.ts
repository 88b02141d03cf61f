import { add, mul, type Tensor } from "@tensorflow/tfjs-core";
import { checkFinite, checkOptions, checkTensor, type OptionNames, refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { Site } from "./sites.js";
import { type Edit, editSite } from "./with-edits.js";

/** Options of {@link steer}. */
export interface SteerOptions {
  /** Factor of the vector; default 1. */
  readonly strength?: number;
}

const optionNames: OptionNames<SteerOptions> = { strength: true };

/**
 * Activation steering: value + strength · vector, at every position of the site.
 *
 * Source: Turner et al. 2023, "Steering Language Models With Activation Engineering".
 *
 * @param vector `[columns]`, as wide as the site; for the residual stream (`inputOf("layers.3")`), `[dModel]`. Borrowed: keep it alive
 *   while the edited model is in use. Differentiable
 * @throws ValueError when the strength is not finite, or an option is unknown; DTypeError, DisposedError when the vector is not a
 *   live float32 tensor. ShapeError when the edited model runs and the vector has another width
 */
export function steer(site: Site, vector: Tensor, options: SteerOptions = {}): Edit {
  const { strength = 1 } = checkOptions("steer", options, optionNames);
  checkFinite("steer", "strength", strength);
  checkTensor("steer", "vector", vector);
  return editSite("steer", site, (value) => {
    checkTensor("steer", "vector", vector);
    const columns = value.shape[2]!;
    const fits = vector.rank === 1 && vector.shape[0] === columns;
    if (!fits) refuse(ShapeError, "steer", "vector", `[${columns}], as wide as the site`, `[${vector.shape.join(", ")}]`);
    return add(value, mul(vector, strength));
  });
}
