import { dispose } from "@tensorflow/tfjs-core";
import { attentionsOf } from "@tfblocks/analysis/models";
import { type HeadVectors, measureHead, type MeasureHeadOptions, type ScoringOptions } from "@tfblocks/analysis/scaling";
import { floats } from "../../compute/floats.js";
import type { TaskPort } from "../../compute/task.js";
import type { HeadPlace } from "../../models/model-info.js";
import type { Run, RunAttention } from "../../reading/run.js";
import type { HeadMeasure, MeasuredHead, MeasuredLayer } from "./head-measures.js";

/** So many queries and keys of a long text are measured. */
const mostTokens = 256;

/**
 * Measures the heads of a layer on the text of a run, from their queries and keys as the model multiplies them. Position biases are left
 * out.
 *
 * @param scoring the settings of the laboratory
 * @returns undefined after a cancel
 */
export async function measureLayer(
  run: Run,
  place: HeadPlace,
  scoring: ScoringOptions,
  port: TaskPort,
): Promise<MeasuredLayer | undefined> {
  const attention = run.attentionOf(place);
  const { heads, queryLength, keyLength } = attention.watched.sizes(attention.part);
  const [rows, columns] = [Math.min(mostTokens, queryLength), Math.min(mostTokens, keyLength)];
  const mask = await allowedIn(attention, rows, columns);
  const { scale, softcap } = ownScoring(run, attention);
  const cap = softcap === null ? {} : { softcap };
  const measured: MeasuredHead[] = [];
  let headDim = 0;
  for (let head = 0; head < heads; head++) {
    if (!(await port.step("Measuring heads", head, heads))) return undefined;
    const vectors = vectorsOf(attention, head, rows, columns);
    headDim = vectors.headDim;
    const measure = (options: ScoringOptions): HeadMeasure => measureOf(vectors, { ...options, mask });
    measured.push({
      place: { ...place, head },
      own: measure({ scale: scale ?? "1/sqrt(d)", ...cap }),
      none: measure({ scale: "none", ...cap }),
      chosen: measure(scoring),
    });
  }
  return { heads: measured, headDim, scale: scale ?? 1 / Math.sqrt(headDim), softcap, rows, columns };
}

/** The scale and the cap of an attention; the scale is undefined for 1/√headDim. */
function ownScoring({ model }: Run, { part }: RunAttention): { readonly scale: number | undefined; readonly softcap: number | null } {
  const { scale, softcap } = attentionsOf(model).find(({ name }) => name === part)!.attention;
  return { scale, softcap: softcap ?? null };
}

function vectorsOf({ watched, part }: RunAttention, head: number, rows: number, columns: number): HeadVectors {
  const vectors = watched.vectors(part, head);
  try {
    const headDim = vectors.query.shape.at(-1)!;
    const queries = floats(vectors.query).subarray(0, rows * headDim);
    return { queries, keys: floats(vectors.key).subarray(0, columns * headDim), headDim, numKeys: columns };
  } finally {
    dispose({ ...vectors });
  }
}

/** Which keys the queries may look at, `[rows, columns]`; the mask of a layer is the same for all its heads. */
async function allowedIn({ watched, part }: RunAttention, rows: number, columns: number): Promise<Uint8Array> {
  const { allowed } = await watched.rows(part, 0, rows);
  const [, , , stride] = allowed.shape;
  return Uint8Array.from({ length: rows * columns }, (_, cell) => allowed.data[Math.floor(cell / columns) * stride + (cell % columns)]!);
}

function measureOf(vectors: HeadVectors, options: MeasureHeadOptions): HeadMeasure {
  const { rowVariance, normalizedEntropy, maxWeight, jacobianNorm, queryGradient } = measureHead(vectors, options);
  return {
    rowVariance: rowVariance?.mean ?? null,
    spread: normalizedEntropy?.mean ?? null,
    maxWeight: maxWeight?.mean ?? null,
    jacobian: jacobianNorm?.mean ?? null,
    gradient: queryGradient?.median ?? null,
  };
}
