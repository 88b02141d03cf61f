import { integers } from "../inputs.mjs";

/** The logits of a prompt's last token. */
export function promptOf(tf, use, { gpt2 }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const ids = tf.tensor(integers(1, spec.tokens, spec.vocabSize), [1, spec.tokens], "int32");
  return entrant(use, model, [ids], () => model.apply(ids, { lastOnly: true }).logits);
}

/** The logits of one token more, whose predecessors are cached; each sample starts with the same cache. */
export function tokenAfter(tf, use, { gpt2 }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const prompt = tf.tensor(integers(1, spec.cached, spec.vocabSize), [1, spec.cached], "int32");
  const next = tf.tensor([7], [1, 1], "int32");
  let cache;
  const reset = () => {
    cache?.dispose();
    cache = model.createCache();
    model.apply(prompt, { cache, lastOnly: true }).logits.dispose();
  };
  reset();
  return {
    ...entrant(
      use,
      model,
      [prompt, next],
      () => model.apply(next, { cache, lastOnly: true }).logits,
      () => cache.dispose(),
    ),
    reset,
  };
}

function modelOf(gpt2, { layers, heads, dModel, hiddenDim, vocabSize, maxLength }) {
  return gpt2({ numLayers: layers, numHeads: heads, dModel, hiddenDim, vocabSize, maxLength });
}

function entrant(use, model, tensors, compute, disposeMore = () => {}) {
  return {
    use,
    run: () => compute().dispose(),
    output() {
      const logits = compute();
      const data = logits.dataSync();
      logits.dispose();
      return data;
    },
    dispose() {
      for (const each of tensors) each.dispose();
      disposeMore();
      model.dispose();
    },
  };
}
