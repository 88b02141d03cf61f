import { initialValues, matrix, vector } from "../gpt.mjs";

/**
 * A model of `@tfblocks/transformer` whose weights have `bits` bits, `{ model, dispose }`. One matrix after the other is filled and
 * rounded, so that a model whose weights of 32 bits do not fit the heap can be made.
 */
export function modelOf(tf, blocks, { family = "gpt2", bits = 32, ...sizes }) {
  const base = blocks.families[family]({ ...builderSizes(sizes), random: blocks.unsetRandom });
  const models = [base];
  const fill = fillParameters(tf, base);
  const rounded = bits === 32 ? [] : roundedParts(blocks, base);
  fill((name) => !rounded.includes(name));
  for (const name of rounded) {
    fill((each) => each === name);
    models.unshift(blocks.quantize(models[0], { bits, parts: name.replace(/\.weight$/, "") }));
    base.parameters()[name].dispose();
  }
  return { model: models[0], dispose: () => models.forEach((each) => each.dispose()) };
}

/** The sizes of a case by the names of the builders. */
function builderSizes({ layers: numLayers, heads: numHeads, kvHeads: numKvHeads, ...others }) {
  const { dModel, headDim, hiddenDim, vocabSize, maxLength, theta, eps, tiedHead, maskedLanguageHead } = others;
  const widths = { dModel, headDim, hiddenDim, vocabSize, maxLength };
  const sizes = { numLayers, numHeads, numKvHeads, ...widths, theta, eps, tiedHead, maskedLanguageHead };
  return Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== undefined));
}

/** The weights that `quantize` rounds by default. */
function roundedParts({ Linear, walkParts }, model) {
  const parts = walkParts(model).filter(([, part]) => part instanceof Linear || "logits" in part);
  return parts.map(([name]) => `${name}.weight`);
}

/** Gives the parameters that are wanted their numbers: those of `initialValues`, in the order of the model. */
function fillParameters(tf, model) {
  const parameters = Object.entries(model.parameters());
  return (isWanted) => {
    for (const [index, [name, variable]] of parameters.entries()) {
      if (!isWanted(name)) continue;
      const { shape } = variable;
      const kind = shape.length === 2 ? matrix(name, ...shape) : vector(name, shape[0], name.endsWith("bias") ? 0 : 1);
      tf.tidy(() => variable.assign(tf.tensor(initialValues(kind, index), shape)));
    }
  };
}
