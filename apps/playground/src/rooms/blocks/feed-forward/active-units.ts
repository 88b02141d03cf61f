/** The smallest magnitude of an active unit, as a share of the token's largest. */
const threshold = 0.1;

/** The active hidden units of a token. */
export interface ActiveUnits {
  readonly count: number;
  readonly strongest: readonly { readonly unit: number; readonly value: number }[];
}

/** Finds the hidden units of a token with at least a tenth of the largest magnitude, and the `max` strongest of them. */
export function activeUnits(hidden: Float32Array, hiddenDim: number, token: number, max: number): ActiveUnits {
  const row = Array.from(hidden.subarray(token * hiddenDim, (token + 1) * hiddenDim), (value, unit) => ({ unit, value }));
  const ranked = row.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const limit = threshold * Math.abs(ranked[0]?.value ?? 0);
  const active = ranked.filter(({ value }) => value !== 0 && Math.abs(value) >= limit);
  return { count: active.length, strongest: active.slice(0, max) };
}
