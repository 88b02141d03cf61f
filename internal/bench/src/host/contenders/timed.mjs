/** One prepared case: `run` is a call whose result is freed, `output` one whose result is read. */
export function timed(tf, use, inputs, compute) {
  return {
    use,
    run: () => compute(...inputs).dispose(),
    output: () => {
      const result = compute(...inputs);
      const data = result.dataSync();
      result.dispose();
      return data;
    },
    dispose: () => tf.dispose(inputs),
  };
}

export const size = (shape) => shape.reduce((total, length) => total * length, 1);
