import { PropertyError } from "@tfblocks/tensor-utils";

/** What a leak checker changed and where the output gave it away. */
export interface LeakCounterexample {
  /** Input positions start to end (exclusive) got other values, in one batch element or (left out) in all. */
  readonly changed: { readonly batch?: number; readonly start: number; readonly end: number };
  /** Where the output changed most among the places that must not. */
  readonly leaked: { readonly batch: number; readonly position: number };
  /** The largest absolute change there; Infinity when a number became NaN. */
  readonly difference: number;
}

/** An output depends on an input that it must not see. */
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
