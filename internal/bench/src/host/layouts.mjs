/** `[batch, heads, length, headDim]` -> `[batch, length, heads × headDim]`. */
export function lengthFirst(data, { batch, heads, length, headDim }) {
  return swapped(data, { batch, outer: heads, inner: length, headDim });
}

/** `[batch, length, heads × headDim]` -> `[batch, heads, length, headDim]`. */
export function headsFirst(data, { batch, heads, length, headDim }) {
  return swapped(data, { batch, outer: length, inner: heads, headDim });
}

/** `[batch, outer, inner, headDim]` -> `[batch, inner, outer, headDim]`. */
function swapped(data, { batch, outer, inner, headDim }) {
  const result = new Float32Array(data.length);
  for (let b = 0; b < batch; b++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const from = ((b * outer + o) * inner + i) * headDim;
        result.set(data.subarray(from, from + headDim), ((b * inner + i) * outer + o) * headDim);
      }
    }
  }
  return result;
}
