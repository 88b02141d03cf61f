import type { Tensor } from "@tensorflow/tfjs-core";
import type { SiteValues } from "./site-values.js";
import type { Site } from "./sites.js";
import { checkFits, checkValues, valuesFor } from "./values-for.js";
import { type Edit, editSite } from "./with-edits.js";

/**
 * Activation patching: the value of a site is replaced by its value in another run.
 *
 * Source: Vig et al. 2020 (causal mediation analysis); Meng et al. 2022 (causal tracing).
 *
 * @param values `[batch, positions, columns]`, the shape of the site, where the batch may be 1; or one such tensor for each part, as
 *   `record` returns. Borrowed: keep them alive while the edited model is in use. Differentiable
 *
 * When the edited model runs, it throws ShapeError if the shapes differ, for example because the other run had another length,
 * and ValueError if the values have none for a part.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { headsOf, patch, record, withEdits } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const [clean, corrupt] = [tensor2d([[1, 2, 3]], [1, 3], "int32"), tensor2d([[1, 4, 3]], [1, 3], "int32")];
 * const heads = headsOf("layers.0.attention", 2);
 * const { values } = record(model, { heads }, (watched) => watched.apply(clean));
 * const { logits } = withEdits(model, [patch(heads, values.heads)]).apply(corrupt);
 * console.log(logits.shape); // [ 1, 3, 10 ]
 * ```
 */
export function patch(site: Site, values: Tensor | SiteValues): Edit {
  checkValues("patch", "values", values);
  return editSite("patch", site, (value, name) => {
    const other = valuesFor("patch", values, name);
    checkFits("patch", name, other, value);
    return other;
  });
}
