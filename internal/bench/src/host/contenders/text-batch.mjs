import { paddedTexts, textsOf } from "../encoder.mjs";
import { modelOf } from "./model-of.mjs";

/** The hidden states of a batch of texts, packed into one sequence. */
export function packedBatch(tf, use, blocks, spec) {
  use();
  const made = modelOf(tf, blocks, spec);
  const texts = textsOf(spec).map((text) => Array.from(text));
  const compute = () => {
    const { ids, positions, mask } = blocks.packTexts(made.model, texts);
    const { output } = made.model.hidden(ids, { positions, mask });
    tf.dispose([ids, positions]);
    return output;
  };
  return entrant(use, compute, (data) => data, [made]);
}

/** The same of texts that are padded to the longest. */
export function paddedBatch(tf, use, blocks, spec) {
  use();
  const made = modelOf(tf, blocks, spec);
  const { shape, ids: padded, withoutPadding } = paddedTexts(spec);
  const ids = tf.tensor(padded, shape, "int32");
  const mask = blocks.masks.padding({ lengths: spec.lengths });
  return entrant(use, () => made.model.hidden(ids, { mask }).output, withoutPadding, [ids, made]);
}

function entrant(use, compute, read, owned) {
  return {
    use,
    run: () => compute().dispose(),
    output() {
      const hidden = compute();
      const data = read(hidden.dataSync());
      hidden.dispose();
      return data;
    },
    dispose() {
      for (const each of owned) each.dispose();
    },
  };
}
