import { PropertyError } from "@tfblocks/tensor-utils";

/** Which inputs a leak checker changed, and which output changed with them. */
export interface LeakCounterexample {
  /** The changed input positions, start to end (exclusive), in one batch element or in all when it is absent. */
  readonly changed: { readonly batch?: number; readonly start: number; readonly end: number };
  /** The position with the largest change among the outputs that must not change. */
  readonly leaked: { readonly batch: number; readonly position: number };
  /** The largest absolute change at that position; Infinity when a number became NaN. */
  readonly difference: number;
}

/** Thrown when an output depends on an input that it must not depend on. */
export class LeakError extends PropertyError {
  override readonly name = "LeakError";
  readonly counterexample: LeakCounterexample;

  constructor(operation: string, expected: string, counterexample: LeakCounterexample) {
    const { leaked, difference } = counterexample;
    const received = `a change of ${Number(difference.toPrecision(3))} at batch element ${leaked.batch}, position ${leaked.position}`;
    super({ operation, argument: "output", expected, received });
    this.counterexample = counterexample;
  }
}
