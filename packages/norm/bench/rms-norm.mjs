/** Rows of `npm run bench -- blocks`. The bench passes in the built package and its copy of tfjs, so nothing is imported here. */
export const cases = [{ case: "RMSNorm [2048, 1024]", spec: { shapes: [[2048, 1024]], bytes: 2 * 4 * 2048 * 1024 }, quick: true }];

/** The block. */
export function ours({ RMSNorm }) {
  const norm = new RMSNorm({ features: 1024 });
  return { apply: (x) => norm.apply(x), dispose: () => norm.dispose() };
}

/** The same formula, composed of tfjs's operations. */
export function stock(tf) {
  const weight = tf.ones([1024]);
  const apply = (x) => tf.tidy(() => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-6))), weight));
  return { apply, dispose: () => weight.dispose() };
}
