import { concat, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, describeValue, own, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The stages of a score, in the order in which they are computed. */
export const stages = ["raw", "scaled", "biased", "capped", "masked", "probabilities"] as const;

/**
 * A stage of attention: `raw` (Q Kᵀ), `scaled`, `biased`, `capped`, `masked` (-Infinity where forbidden) or
 * `probabilities` (before dropout). A stage that the call does not use equals the previous one.
 */
export type Stage = (typeof stages)[number];

/** The stages to return, and the heads to return them for. */
export interface TapRequest {
  readonly stages: readonly Stage[];
  /** Head indices; default every head. */
  readonly heads?: readonly number[];
}

/** Records the requested stages while attention is computed. Other stages cost nothing. */
export class Taps {
  readonly recorded: Partial<Record<Stage, Tensor4D>> = {};
  readonly #request: TapRequest;

  /** @throws ValueError when a stage or head does not exist */
  constructor(operation: string, request: TapRequest, heads: number) {
    checkList(operation, "taps.stages", request?.stages);
    for (const stage of request.stages) checkStage(operation, stage);
    if (request.heads !== undefined) checkList(operation, "taps.heads", request.heads);
    for (const head of request.heads ?? []) checkInteger(operation, "taps.heads", head, 0, heads - 1);
    this.#request = request;
  }

  wants(stage: Stage): boolean {
    return this.#request.stages.includes(stage);
  }

  record(stage: Stage, scores: Tensor4D): void {
    if (this.wants(stage)) this.recorded[stage] = selectHeads(scores, this.#request.heads);
  }
}

/** `[batch, heads, queryLength, keyLength]` to `[batch, selected heads, queryLength, keyLength]`. */
function selectHeads(scores: Tensor4D, heads: readonly number[] | undefined): Tensor4D {
  if (heads === undefined) return own(scores);
  if (heads.length === 0) return slice(scores, [0, 0, 0, 0], [-1, 0, -1, -1]);
  return concat(
    heads.map((head) => slice(scores, [0, head, 0, 0], [-1, 1, -1, -1])),
    1,
  );
}

function checkList(operation: string, argument: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(ValueError, operation, argument, "an array", describeValue(value));
}

function checkStage(operation: string, stage: unknown): void {
  if ((stages as readonly unknown[]).includes(stage)) return;
  refuse(ValueError, operation, "taps.stages", `one of ${stages.join(", ")}`, describeValue(stage));
}
