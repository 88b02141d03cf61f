import { values } from "../inputs.mjs";

const tokens = 20;

/** Tokens of `generate` after a model that gives the same logits at each step. */
export function drawnToken(tf, use, { generate }, { vocabSize, options }) {
  use();
  const logits = tf.tensor(values(1, vocabSize, 3), [1, 1, vocabSize]);
  const cache = { length: 0, dispose() {} };
  const model = { maxLength: Infinity, createCache: () => cache, apply: () => ({ logits: logits.clone() }) };
  const run = async () => {
    let last;
    for await (const step of generate(model, [1], { ...options, maxNewTokens: tokens })) last = step.tokens[0];
    return last;
  };
  return { use, calls: tokens, run, output: async () => Float32Array.of(await run()), dispose: () => logits.dispose() };
}
