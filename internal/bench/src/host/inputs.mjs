/**
 * Values in [-√3, √3), variance 1, from an integer hash of their index: every contender, in JavaScript and in Python
 * (torch/inputs.py), fills its own tensors with the same numbers.
 */
export function values(seed, size, scale = 1) {
  const result = new Float32Array(size);
  const factor = (2 * Math.sqrt(3) * scale) / 2 ** 32;
  for (let index = 0; index < size; index++) result[index] = (hash(index, seed) - 2 ** 31) * factor;
  return result;
}

/** Integers 0 .. limit - 1. */
export function integers(seed, size, limit) {
  return Int32Array.from({ length: size }, (_, index) => hash(index, seed) % limit);
}

function hash(index, seed) {
  let x = Math.imul(index, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}
