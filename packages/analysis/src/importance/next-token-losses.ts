import { cast, equal, exp, expandDims, log, max, mean, mul, range, slice, softmax, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkShapes, refuse, scope, ValueError, withGradient } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";

/**
 * The cross-entropy of the next token in nats, mean over the positions of each sequence: `[batch]`.
 *
 * @param ids int32 `[batch, length]`
 * @throws ValueError when the model is not causal, or the sequences have fewer than two tokens
 */
export function nextTokenLosses(model: LanguageModel, ids: Tensor): Tensor {
  if (!model.isCausal) {
    refuse(ValueError, "headImportance", "losses", "given for a model that is not a causal LanguageModel", "undefined");
  }
  const { batch, length } = checkShapes("headImportance", { batches: [ids, "batch length", "int32"] });
  if (length < 2) refuse(ValueError, "headImportance", "batches", "ids of at least two tokens", `[${ids.shape.join(", ")}]`);
  return scope(() => {
    const { logits } = model.apply(ids);
    const predictions = slice(logits, [0, 0, 0], [batch, length - 1, -1]);
    return mean(tokenLosses(predictions, slice(ids, [0, 1], [batch, length - 1])), 1);
  });
}

/** log Σ exp(logits) − logit of the label. @param logits `[batch, length, vocabSize]` @returns `[batch, length]` */
function tokenLosses(logits: Tensor, labels: Tensor): Tensor {
  const isLabel = equal(expandDims(labels, 2), range(0, logits.shape[2]!, 1, "int32"));
  const target = cast(isLabel, "float32"); // [batch, length, vocabSize]
  return withGradient(
    [logits],
    (input) => {
      const shifted = sub(input!, max(input!, -1, true)); // so that exp does not overflow
      return { value: sub(log(sum(exp(shifted), -1)), sum(mul(shifted, target), -1)), saved: [input!, target] };
    },
    (gradient, input, one) => [mul(expandDims(gradient, 2), sub(softmax(input!), one!))],
  );
}
