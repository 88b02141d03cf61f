/** Below this share of the token's strongest hidden number, one counts as silent. */
const silence = 0.1;

/** How many of a token's hidden numbers fire, and which the most. */
export interface Firing {
  readonly count: number;
  readonly strongest: readonly { readonly unit: number; readonly value: number }[];
}

/** Reads one token's hidden numbers: those of at least a tenth of the largest magnitude fire. */
export function firingOf(fired: Float32Array, hiddenDim: number, token: number, most: number): Firing {
  const row = Array.from(fired.subarray(token * hiddenDim, (token + 1) * hiddenDim), (value, unit) => ({ unit, value }));
  const ranked = row.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const limit = silence * Math.abs(ranked[0]?.value ?? 0);
  const awake = ranked.filter(({ value }) => value !== 0 && Math.abs(value) >= limit);
  return { count: awake.length, strongest: awake.slice(0, most) };
}
