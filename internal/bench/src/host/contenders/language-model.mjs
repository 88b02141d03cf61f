import { centred } from "../logits.mjs";
import { nextToken, tokensOf } from "../tokens.mjs";
import { modelOf } from "./model-of.mjs";

/** The logits of a prompt's last token. */
export function promptOf(tf, use, blocks, spec) {
  use();
  const made = modelOf(tf, blocks, spec);
  const ids = tf.tensor(tokensOf(1, spec.tokens, spec.vocabSize), [1, spec.tokens], "int32");
  return entrant(use, () => made.model.apply(ids, { lastOnly: true }).logits, [ids, made]);
}

/** The logits of one token more, whose predecessors are cached; each sample starts with the same cache. */
export function tokenAfter(tf, use, blocks, spec) {
  use();
  const made = modelOf(tf, blocks, spec);
  const prompt = tf.tensor(tokensOf(1, spec.cached, spec.vocabSize), [1, spec.cached], "int32");
  return cached(tf, use, blocks, { made, start: prompt }, (ids, cache) => made.model.apply(ids, { cache, lastOnly: true }).logits);
}

/** The same of a decoder that looks at a source. */
export function decoderTokenAfter(tf, use, blocks, spec) {
  use();
  const made = modelOf(tf, blocks, spec);
  const { model } = made;
  const [ids, start] = [spec.source, spec.cached].map((count, index) =>
    tf.tensor(tokensOf(index + 1, count, spec.vocabSize), [1, count], "int32"),
  );
  const memory = model.encode(ids).output;
  return cached(
    tf,
    use,
    blocks,
    { made, start, tensors: [ids, memory] },
    (target, cache) => model.decode(target, memory, { cache }).logits,
  );
}

/** Makes a copy of a model with one head switched off: its columns of the output projection read 0. */
export function zeroedHead(tf, use, blocks, spec) {
  use();
  const { borrowed, replaceParts } = blocks;
  const made = modelOf(tf, blocks, spec);
  const width = spec.dModel / spec.heads;
  return replacing(use, made, () => {
    const open = tf.tensor1d(Array.from({ length: spec.dModel }, (_, column) => (column < width ? 0 : 1)));
    const masked = (output) => borrowed(output, (inner) => ({ apply: (x) => tf.tidy(() => inner.apply(tf.mul(x, open))) }));
    return [replaceParts(made.model, "layers.0.attention.output", masked), open];
  });
}

/** Makes a copy of a model with another query projection in one layer. */
export function replacedProjection(tf, use, blocks, spec) {
  use();
  const { Linear, replaceParts } = blocks;
  const made = modelOf(tf, blocks, spec);
  const query = () => new Linear({ inFeatures: spec.dModel, outFeatures: spec.dModel });
  return replacing(use, made, () => [replaceParts(made.model, "layers.0.attention.query", query)]);
}

/** `replace` gives what it made, the copy first. */
function replacing(use, made, replace) {
  return {
    use,
    run() {
      for (const each of replace()) each.dispose();
    },
    dispose: () => made.dispose(),
  };
}

/** One token after those of `start`, by `logitsOf(ids, cache)`: a captured step, as `generate` runs it. */
function cached(tf, use, { CapturedStep, liveTensor }, { made, start, tensors = [] }, logitsOf) {
  const next = Int32Array.of(nextToken);
  const cache = made.model.createCache();
  logitsOf(start, cache).dispose();
  const step = new CapturedStep(() =>
    logitsOf(
      liveTensor(() => next, [1, 1]),
      cache,
    ),
  );
  const owned = [start, ...tensors, step, cache, made];
  return entrant(
    use,
    () => tf.clone(step.run()),
    owned,
    () => cache.trim(start.shape[1]),
  );
}

function entrant(use, compute, owned, reset) {
  return {
    use,
    reset,
    run: () => compute().dispose(),
    output() {
      reset?.();
      const logits = compute();
      const data = centred(logits.dataSync());
      logits.dispose();
      return data;
    },
    dispose() {
      for (const each of owned) each.dispose();
    },
  };
}
