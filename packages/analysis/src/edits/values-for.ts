import { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { SiteValues } from "./site-values.js";

/** @throws ValueError when the value is neither a tensor nor an object of tensors */
export function checkValues(operation: string, argument: string, values: unknown): void {
  if (typeof values === "object" && values !== null && !Array.isArray(values)) return;
  refuse(ValueError, operation, argument, "a tensor, or tensors by the names of parts", describeValue(values), "record them with record");
}

/**
 * The values for one part: the tensor itself, or the one under the part's name.
 *
 * @throws ValueError when there is none; DTypeError, DisposedError when it is not a live float32 tensor
 */
export function valuesFor(operation: string, values: Tensor | SiteValues, name: string): Tensor {
  const found = values instanceof Tensor ? values : values[name];
  if (found === undefined) {
    const names = Object.keys(values).map((each) => JSON.stringify(each));
    const expected = `a tensor, or tensors by name with one for "${name}"`;
    refuse(ValueError, operation, "values", expected, names.join(", ") || "none", adviceFor(values, name));
  }
  checkTensor(operation, "values", found);
  return found;
}

/** {@link valuesFor} of several samples. @throws ShapeError when they are not `[samples, positions, columns]` */
export function samplesFor(operation: string, values: Tensor | SiteValues, name: string): Tensor {
  const samples = valuesFor(operation, values, name);
  if (samples.rank === 3) return samples;
  const argument = `values for "${name}"`;
  return refuse(ShapeError, operation, argument, "[samples, positions, columns]", `[${samples.shape.join(", ")}]`);
}

/**
 * Refuses values of another shape than the site's. The batch may be 1.
 *
 * @throws ShapeError when they differ; of prompts of different lengths, the message gives both lengths
 */
export function checkFits(operation: string, name: string, values: Tensor, site: Tensor): void {
  const [batch, length, width] = site.shape as [number, number, number];
  const [, otherLength, otherWidth] = values.shape;
  const argument = `values for "${name}"`;
  if (values.rank === 3 && otherWidth === width && otherLength !== length) {
    const advice = "use a run of the same length, or choose positions with atPositions";
    refuse(ShapeError, operation, argument, `of length ${length}, as this run`, `length ${otherLength}`, advice);
  }
  const fits = values.rank === 3 && otherWidth === width && [1, batch].includes(values.shape[0]!);
  if (!fits) refuse(ShapeError, operation, argument, `[${site.shape.join(", ")}]`, `[${values.shape.join(", ")}]`);
}

/** Where the values are in what `record` returned, or in all its values. */
function adviceFor(values: object, name: string): string | undefined {
  const { values: recorded } = values as { readonly values?: unknown };
  if (typeof recorded === "object" && recorded !== null) return "pass the values of one site of the recording: recording.values[site]";
  const site = Object.entries(values).find(([, each]) => typeof each === "object" && each !== null && Object.hasOwn(each, name))?.[0];
  return site && `pass the values of one site, here values.${site}`;
}
