import { integers } from "../inputs.mjs";
import { modelOf } from "./model-of.mjs";

/** Maps, scores, labels, lens, losses and attribution of a text, and the page. */
export function report(tf, use, blocks, spec) {
  use();
  const { analyzeText, toHtml } = blocks;
  const { model, dispose } = modelOf(tf, blocks, spec);
  const ids = Array.from(integers(1, spec.tokens, spec.vocabSize));
  const text = { ids, tokens: ids.map(String) };
  const run = async () => toHtml(await analyzeText(model, { text }));
  return { use, run, output: async () => Float32Array.of((await run()).length), dispose };
}

/** The change of the loss without each head. */
export function ablatedHeads(tf, use, blocks, spec) {
  use();
  const { ablateAll, tokenLosses } = blocks;
  const made = modelOf(tf, blocks, spec);
  const ids = tf.tensor(integers(1, spec.tokens, spec.vocabSize), [1, spec.tokens], "int32");
  const run = () => ablateAll(made.model, (each) => tokenLosses(each, ids));
  const output = async () => Float32Array.from((await run()).heads, ({ change }) => change);
  return { use, run, output, dispose: () => [ids, made].forEach((each) => each.dispose()) };
}
