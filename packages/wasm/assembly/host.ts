/** Milliseconds of a steady clock. */
@external("env", "now")
export declare function now(): f64;
