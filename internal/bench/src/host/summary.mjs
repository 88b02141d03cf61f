const samples = 61;

/** Values at even distances, and the root of the mean square, which tells how large a difference is. */
export function summary(data) {
  const step = Math.max(1, Math.floor(data.length / samples));
  const picked = Array.from({ length: Math.min(samples, data.length) }, (_, index) => data[index * step]);
  const size = Math.sqrt(data.reduce((total, value) => total + value * value, 0) / Math.max(1, data.length));
  return { length: data.length, size, picked };
}
