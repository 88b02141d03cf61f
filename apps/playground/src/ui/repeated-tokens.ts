const known = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The tokens that occur more than once. The same list gives the same set. */
export function repeatedTokens(tokens: readonly string[]): ReadonlySet<string> {
  let repeated = known.get(tokens);
  if (repeated === undefined) known.set(tokens, (repeated = findRepeated(tokens)));
  return repeated;
}

function findRepeated(tokens: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const token of tokens) (seen.has(token) ? repeated : seen).add(token);
  return repeated;
}
