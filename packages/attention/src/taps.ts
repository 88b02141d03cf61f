import { concat, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, describeValue, own, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The stages a score goes through, in their order. */
export const stages = ["raw", "scaled", "biased", "capped", "masked", "probabilities"] as const;

/**
 * A stage of attention: `raw` Q Kᵀ, `scaled`, `biased`, `capped`, `masked` (-Infinity where forbidden),
 * `probabilities` (before dropout). A stage that the call does not use equals the one before it.
 */
export type Stage = (typeof stages)[number];

/** Which stages to hand out, and of which heads. */
export interface TapRequest {
  readonly stages: readonly Stage[];
  /** Head indices; default every head. */
  readonly heads?: readonly number[];
}

/** Collects the asked stages as they pass; what is not asked costs nothing. */
export class Taps {
  readonly taken: Partial<Record<Stage, Tensor4D>> = {};
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

  take(stage: Stage, scores: Tensor4D): void {
    if (this.wants(stage)) this.taken[stage] = chosenHeads(scores, this.#request.heads);
  }
}

function chosenHeads(scores: Tensor4D, heads: readonly number[] | undefined): Tensor4D {
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
