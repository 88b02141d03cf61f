import { concat, mean, slice, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkSeed, type OptionNames, Random, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { SiteValues } from "./site-values.js";
import { checkFits, checkValues, samplesFor } from "./values-for.js";

/** What `ablate` puts in the place of a value. Make one with `meanOf` or `resampled`. */
export interface Replacement {
  /** @param value the old value, `[batch, positions, columns]` @returns one that broadcasts to its shape */
  readonly replace: (value: Tensor, name: string) => Tensor;
}

/** Options of {@link meanOf}. */
export interface MeanOptions {
  /** Whether each position has a mean of its own; default false. */
  readonly perPosition?: boolean;
}

const meanNames: OptionNames<MeanOptions> = { perPosition: "flag" };

/**
 * Mean ablation: each column is replaced by its mean over the batch and the positions of other values; with `perPosition`, over the
 * batch only, which demands the same number of positions.
 *
 * Record the values on a sample of text that represents what the model usually reads. Source: Wang et al. 2022 (IOI), section 2.1.
 *
 * @param values `[samples, positions, columns]`, or one such tensor for each part, as `record` returns; borrowed
 * @throws ValueError when an option is unknown; when the edited model runs, if there are no values for a part
 */
export function meanOf(values: Tensor | SiteValues, options: MeanOptions = {}): Replacement {
  const { perPosition = false } = checkOptions("meanOf", options, meanNames);
  checkValues("meanOf", "values", values);
  return {
    replace: (value, name) => {
      const samples = samplesFor("meanOf", values, name);
      if (samples.size === 0) refuse(ValueError, "meanOf", `values for "${name}"`, "not empty", `[${samples.shape.join(", ")}]`);
      const means: Tensor = mean(samples, perPosition ? 0 : [0, 1], true); // [1, positions or 1, columns]
      if (perPosition) checkFits("meanOf", name, means, value);
      return means;
    },
  };
}

/** Options of {@link resampled}. */
export interface ResampleOptions {
  /** Seed of the draw, an integer from 0 to 2^32 - 1. */
  readonly seed: number;
}

/**
 * Resample ablation: each row of the batch is replaced by a row of other values, drawn at random. The same rows are drawn for every part,
 * so that what is replaced together comes from one text. When there are as many samples as rows, no row takes the sample of its own
 * index, so that a batch can be resampled from itself; else each draw is uniform.
 *
 * Source: Chan et al. 2022, "Causal Scrubbing".
 *
 * @param values `[samples, positions, columns]`, or one such tensor for each part, as `record` returns; borrowed
 * @throws ValueError when the seed is not an integer from 0 to 2^32 - 1; when the edited model runs, if one row would replace itself
 */
export function resampled(values: Tensor | SiteValues, options: ResampleOptions): Replacement {
  const { seed } = checkOptions("resampled", options, { seed: true });
  checkSeed("resampled", seed);
  checkValues("resampled", "values", values);
  return {
    replace: (value, name) => {
      const samples = samplesFor("resampled", values, name);
      const rows = drawRows(value.shape[0]!, samples.shape[0]!, new Random(seed));
      return scope(() => {
        const drawn = rows.map((row) => slice(samples, [row], [1])); // each [1, positions, columns]
        for (const each of drawn) checkFits("resampled", name, each, value);
        return concat(drawn, 0);
      });
    },
  };
}

/** A sample for each row. As many samples as rows make one random cycle (Sattolo), else the draws are independent. */
function drawRows(batch: number, samples: number, random: Random): number[] {
  const least = samples === batch ? 2 : 1;
  if (samples < least) refuse(ValueError, "resampled", "the number of samples", `>= ${least}`, samples, "record a batch of several texts");
  if (samples !== batch) return Array.from({ length: batch }, () => random.integer(samples));
  const rows = Array.from({ length: batch }, (_, row) => row);
  for (let last = batch - 1; last > 0; last--) {
    const other = random.integer(last);
    [rows[last], rows[other]] = [rows[other]!, rows[last]!];
  }
  return rows;
}
