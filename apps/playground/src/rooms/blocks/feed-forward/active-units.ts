/** The smallest magnitude of an active unit, as a share of the token's largest. */
const threshold = 0.1;

/** The active hidden units of a token. */
export interface ActiveUnits {
  readonly count: number;
  readonly strongest: readonly { readonly unit: number; readonly value: number }[];
}

/** Number of units that are listed for each token. */
const listed = 3;

/** The hidden units of each token with at least a tenth of its largest magnitude, and the strongest of them. @param hidden `[tokens, hiddenDim]` */
export function activeUnits(hidden: Float32Array, hiddenDim: number): ActiveUnits[] {
  return Array.from({ length: hidden.length / hiddenDim }, (_, token) =>
    activeIn(hidden.subarray(token * hiddenDim, (token + 1) * hiddenDim)),
  );
}

function activeIn(hidden: Float32Array): ActiveUnits {
  const ranked = Array.from(hidden, (value, unit) => ({ unit, value })).toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const limit = threshold * Math.abs(ranked[0]?.value ?? 0);
  const active = ranked.filter(({ value }) => value !== 0 && Math.abs(value) >= limit);
  return { count: active.length, strongest: active.slice(0, listed) };
}
