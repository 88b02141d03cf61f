/** A model's parts from the blocks. */
export function ourParts(tf, blocks) {
  const causal = blocks.masks.causal();
  return {
    weight: (data, shape) => tf.tensor(data, shape),
    linear: blocks.linear,
    map: (data, shape, bits) => linearMap(tf, blocks, data, shape, bits),
    layerNorm: blocks.layerNorm,
    gelu: blocks.gelu,
    attend: (q, k, v, { causal: isCausal = false }) => blocks.scaledDotProductAttention(q, k, v, isCausal ? { mask: causal } : {}).output,
    embed: blocks.embedding,
    loss: blocks.crossEntropy,
    optimizer: blocks.adam,
    cache: (key, value) => keptCache(tf, blocks, key, value),
  };
}

/** A product with a weight of so many bits: `{ apply, dispose }`. */
function linearMap(tf, { linear, QuantizedLinear, QuantizedMatrix }, data, shape, bits = 32) {
  const weight = tf.tensor(data, shape);
  if (bits === 32) return { apply: (x) => linear(x, weight), dispose: () => weight.dispose() };
  const map = new QuantizedLinear({ weight: QuantizedMatrix.of(weight, { bits, groupSize: 64 }) });
  weight.dispose();
  return map;
}

/** A cache that starts each sample with the same keys and values. */
function keptCache(tf, { GrowingCache }, key, value) {
  const cache = new GrowingCache();
  return {
    reset: () => cache.store({ key, value, keyOffset: 0 }),
    join(k, v) {
      const joined = cache.join(k, v);
      cache.store(joined);
      return joined;
    },
    dispose() {
      cache.dispose();
      tf.dispose([key, value]);
    },
  };
}
