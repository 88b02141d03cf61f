import { integers } from "../inputs.mjs";
import { modelOf } from "./language-model.mjs";

/** Maps, scores, labels, lens, losses and attribution of a text, and the page. */
export function report(tf, use, { gpt2, analyzeText, toHtml }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const ids = Array.from(integers(1, spec.tokens, spec.vocabSize));
  const text = { ids, tokens: ids.map(String) };
  const run = async () => toHtml(await analyzeText(model, { text }));
  return { use, run, output: async () => Float32Array.of((await run()).length), dispose: () => model.dispose() };
}

/** The change of the loss without a head: one head of each layer. */
export function ablatedHeads(tf, use, { gpt2, ablateAll, headsIn, tokenLosses }, spec) {
  use();
  const model = modelOf(gpt2, spec);
  const ids = tf.tensor(integers(1, spec.tokens, spec.vocabSize), [1, spec.tokens], "int32");
  const heads = headsIn(model).filter(({ head }) => head === 0);
  const run = () => ablateAll(model, (each) => tokenLosses(each, ids), { heads });
  const output = async () => Float32Array.from((await run()).heads, ({ change }) => change);
  return { use, calls: heads.length, run, output, dispose: () => [ids, model].forEach((each) => each.dispose()) };
}
