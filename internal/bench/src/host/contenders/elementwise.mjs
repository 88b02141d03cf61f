/** Layer norm, softmax and GELU of rows, composed where tfjs has no operation. */
export const elementwise = (tf) => ({
  softmax: (x) => tf.softmax(x),
  layerNorm: (x, weight, bias) =>
    tf.tidy(() => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias);
    }),
  gelu: (x) => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
});
