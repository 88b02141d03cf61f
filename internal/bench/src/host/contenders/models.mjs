import { adam, decodeParameters, initialValues, trainParameters, trainTokens } from "../gpt.mjs";
import { values } from "../inputs.mjs";

// The two models over the parts that a contender gives: `weight`, `linear`, `map`, `attend`, `layerNorm`, `gelu`, `embed`, `loss`,
// `optimizer`, `cache`.

/** Forward, backward and Adam of a small causal language model. */
export function trainStep(tf, use, parts, spec) {
  const { dModel, heads, batch, length, layers } = spec;
  use();
  const p = Object.fromEntries(
    trainParameters(spec).map((each, index) => {
      const data = initialValues(each, index);
      const isWeight = each.shape.length === 2 && !each.isTable;
      return [each.name, tf.tidy(() => tf.variable(isWeight ? parts.weight(data, each.shape) : tf.tensor(data, each.shape)))];
    }),
  );
  const { ids, targets } = trainTokens(spec);
  const [tokens, goal] = [tf.tensor(ids, [batch, length], "int32"), tf.tensor(targets, [batch * length], "int32")];
  const optimizer = parts.optimizer(adam);
  const { split, merged } = headsOf(tf, heads, dModel);
  const norm = (x, name) => parts.layerNorm(x, p[`${name}.weight`], p[`${name}.bias`]);
  const affine = (x, name) => parts.linear(x, p[`${name}.weight`], p[`${name}.bias`]);

  const loss = () => {
    let x = tf.add(parts.embed(p.tokens, tokens), p.positions);
    for (let layer = 0; layer < layers; layer++) {
      const [q, k, v] = tf.split(affine(norm(x, `${layer}.norm1`), `${layer}.qkv`), 3, -1).map((each) => split(each));
      x = tf.add(x, affine(merged(parts.attend(q, k, v, { causal: true })), `${layer}.out`));
      x = tf.add(x, affine(parts.gelu(affine(norm(x, `${layer}.norm2`), `${layer}.up`)), `${layer}.down`));
    }
    return parts.loss(parts.linear(norm(x, "norm"), p.head), goal);
  };

  const losses = [];
  const run = () => {
    const value = optimizer.minimize(loss, true, Object.values(p));
    if (losses.length < 2) losses.push(value.dataSync()[0]);
    value.dispose();
  };
  return {
    use,
    run,
    output() {
      while (losses.length < 2) run();
      return Float32Array.from(losses);
    },
    dispose() {
      tf.dispose([...Object.values(p), tokens, goal]);
      optimizer.dispose();
      parts.dispose?.();
    },
  };
}

/** One token through every layer, its keys and values joined to those kept. */
export function decodeStep(tf, use, parts, spec) {
  const { dModel, heads, layers, cached } = spec;
  use();
  const p = Object.fromEntries(
    decodeParameters(spec).map((each, index) => [each.name, parts.map(initialValues(each, index), each.shape, spec.bits)]),
  );
  const token = tf.tensor(values(7, dModel), [1, 1, dModel]);
  const kept = (seed) => tf.tensor(values(seed, cached * dModel), [1, heads, cached, dModel / heads]);
  const caches = Array.from({ length: layers }, (_, layer) => parts.cache(kept(100 + 2 * layer), kept(101 + 2 * layer)));
  const { split, merged } = headsOf(tf, heads, dModel);

  const compute = () =>
    tf.tidy(() => {
      let x = token;
      for (const [layer, cache] of caches.entries()) {
        const [q, k, v] = tf.split(p[`${layer}.qkv`].apply(x), 3, -1).map((each) => split(each));
        const { key, value } = cache.join(k, v);
        x = tf.add(x, p[`${layer}.out`].apply(merged(parts.attend(q, key, value, {}))));
        x = tf.add(x, p[`${layer}.down`].apply(parts.gelu(p[`${layer}.up`].apply(x))));
      }
      return p.head.apply(x);
    });

  return {
    use,
    reset: () => caches.forEach((cache) => cache.reset?.()),
    run: () => compute().dispose(),
    output() {
      for (const cache of caches) cache.reset?.();
      const logits = compute();
      const data = logits.dataSync();
      logits.dispose();
      return data;
    },
    dispose() {
      for (const each of [...Object.values(p), token, ...caches]) each.dispose();
    },
  };
}

/** `[batch, length, dModel]` <-> `[batch, heads, length, headDim]`. */
function headsOf(tf, heads, dModel) {
  return {
    split: (x) => tf.transpose(tf.reshape(x, [x.shape[0], x.shape[1], heads, dModel / heads]), [0, 2, 1, 3]),
    merged: (x) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [x.shape[0], x.shape[2], dModel]),
  };
}
