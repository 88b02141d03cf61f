/** dlogits = y (dy - Σ dy · y) over the last dimension, y = softmax(logits). Inputs: dy and y `[...]`. Output: dlogits `[...]`. */
export const SoftmaxGrad = "SoftmaxGrad";
