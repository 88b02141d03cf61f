export { assertCausal } from "./leaks/assert-causal.js";
export { assertPackedIsolation } from "./leaks/assert-packed-isolation.js";
export { assertPaddingInvariant, type MaskedLengths } from "./leaks/assert-padding-invariant.js";
export { type LeakCounterexample, LeakError } from "./leaks/leak-error.js";
export type { LeakOptions, ProbeInput } from "./leaks/subject.js";
