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
  return cached(tf, use, model, prompt, [], (ids, cache) => model.apply(ids, { cache, lastOnly: true }).logits);
}

/** The same of a decoder that looks at a source. */
export function decoderTokenAfter(tf, use, { t5 }, { layers, heads, dModel, headDim, hiddenDim, vocabSize, source, cached: length }) {
  use();
  const model = t5({ numLayers: layers, numHeads: heads, dModel, headDim, hiddenDim, vocabSize });
  const [ids, start] = [source, length].map((count, index) => tf.tensor(integers(index + 1, count, vocabSize), [1, count], "int32"));
  const memory = model.encode(ids).output;
  return cached(tf, use, model, start, [ids, memory], (target, cache) => model.decode(target, memory, { cache }).logits);
}

/** Makes a copy of a model with one head switched off: its columns of the output projection read 0. */
export function zeroedHead(tf, use, { gpt2, borrowed, replaceParts }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const width = spec.dModel / spec.heads;
  return replacing(use, model, () => {
    const open = tf.tensor1d(Array.from({ length: spec.dModel }, (_, column) => (column < width ? 0 : 1)));
    const masked = (output) => borrowed(output, (inner) => ({ apply: (x) => tf.tidy(() => inner.apply(tf.mul(x, open))) }));
    return [replaceParts(model, "layers.0.attention.output", masked), open];
  });
}

/** Makes a copy of a model with another query projection in one layer. */
export function replacedProjection(tf, use, { gpt2, Linear, replaceParts }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const query = () => new Linear({ inFeatures: spec.dModel, outFeatures: spec.dModel });
  return replacing(use, model, () => [replaceParts(model, "layers.0.attention.query", query)]);
}

/** `replace` gives what it made, the copy first. */
function replacing(use, model, replace) {
  return {
    use,
    run() {
      for (const each of replace()) each.dispose();
    },
    dispose: () => model.dispose(),
  };
}

/** One token after those of `start`, by `logitsOf(ids, cache)`. */
function cached(tf, use, model, start, tensors, logitsOf) {
  const next = tf.tensor([7], [1, 1], "int32");
  let cache;
  const reset = () => {
    cache?.dispose();
    cache = model.createCache();
    logitsOf(start, cache).dispose();
  };
  reset();
  const compute = () => logitsOf(next, cache);
  return { ...entrant(use, model, [start, next, ...tensors], compute, () => cache.dispose()), reset };
}

export function modelOf(gpt2, { layers, heads, dModel, hiddenDim, vocabSize, maxLength }) {
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
