import { zerosLike } from "@tensorflow/tfjs-core";
import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Replacement } from "./replacement.js";
import type { Site } from "./sites.js";
import { type Edit, editSite } from "./with-edits.js";

/**
 * Ablation: the value of a site is replaced by zeros, by a mean (`meanOf`) or by another sample (`resampled`).
 *
 * Zeros are far from what the later layers usually read, so that zero ablation overstates what a part does; compare it with the
 * mean. Zeroing a head equals zeroing its columns in the weight of the output projection; the bias of the projection stays.
 * Source: Michel et al. 2019, "Are Sixteen Heads Really Better than One?".
 *
 * @param replacement default zeros
 * @throws ValueError when `site` is not a site, or `replacement` is not one
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { ablate, headsOf, meanOf, record, withEdits } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const ids = tensor2d([[1, 2, 3]], [1, 3], "int32");
 * const head = headsOf("layers.1.attention", 2);
 * const zeroed = withEdits(model, [ablate(head)]).apply(ids);
 * const { values } = record(model, { head }, (watched) => watched.apply(ids));
 * const averaged = withEdits(model, [ablate(head, meanOf(values.head))]).apply(ids);
 * console.log(zeroed.logits.shape, averaged.logits.shape); // [ 1, 3, 10 ] [ 1, 3, 10 ]
 * ```
 */
export function ablate(site: Site, replacement?: Replacement): Edit {
  checkReplacement(replacement);
  return editSite("ablate", site, (value, name) => replacement?.replace(value, name) ?? zerosLike(value));
}

function checkReplacement(replacement: unknown): void {
  if (replacement === undefined || typeof (replacement as Replacement | null)?.replace === "function") return;
  const advice = "leave it out for zeros, or use patch for given values";
  refuse(ValueError, "ablate", "replacement", "meanOf(values) or resampled(values, { seed })", describeValue(replacement), advice);
}
