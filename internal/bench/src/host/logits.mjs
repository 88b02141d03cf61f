/** Logits are known up to a constant: here their mean is 0. */
export function centred(logits) {
  const mean = logits.reduce((total, each) => total + each, 0) / logits.length;
  return logits.map((each) => each - mean);
}

/** Logits from what a library says of each token, in any order. @param logarithm of what is said */
export function logitsFrom(entries, logarithm) {
  const result = new Float32Array(entries.size);
  for (const [token, value] of entries) result[token] = logarithm(value);
  return centred(result);
}
