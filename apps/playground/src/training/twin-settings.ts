/** What two twin trainings have in common. */
export interface TwinSettings {
  /** A multiple of `numHeads`; the width of a head is `dModel / numHeads`. */
  readonly dModel: number;
  readonly numHeads: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** What is measured on a twin, on the same held-out sequences at every step. */
export interface TwinMeasures {
  /** In nats. */
  readonly loss: number;
  /** Mean over the heads of the entropy of their rows, as a share of that of uniform attention: 0 to 1. */
  readonly spread: number;
  /** The norm of the gradients of all projections to queries and keys, as one vector. */
  readonly gradient: number;
}

/** Both twins after a number of steps. */
export interface TwinPoint {
  readonly step: number;
  /** With scores divided by sqrt(headDim). */
  readonly scaled: TwinMeasures;
  readonly unscaled: TwinMeasures;
}
