import { elementwise } from "./contenders/elementwise.mjs";
import { crossEntropy } from "./contenders/stock-parts.mjs";

/**
 * Operations that no block offers yet: by the kernel of the backend where it has one, else composed of tfjs's. The
 * kernels' contracts are in packages/tensor-utils.
 */
export function ourOperations(tf) {
  const composed = { ...elementwise(tf), crossEntropy: crossEntropy(tf), adam: composedAdam(tf) };
  const run = (name, inputs, attributes) => tf.engine().runKernel(name, inputs, attributes);
  const first = (name, inputs, attributes) => tf.tidy(() => run(name, inputs, attributes)[0]);
  const byKernel = {
    layerNorm: ["LayerNorm", (x, weight, bias) => first("LayerNorm", [x, weight, bias], { hasWeight: true, hasBias: true, eps: 1e-5 })],
    gelu: ["Gelu", (x) => run("Gelu", { x }, { approximate: "none" })],
    crossEntropy: [
      "CrossEntropy",
      (logits, labels) => {
        const rows = tf.reshape(logits, [-1, logits.shape.at(-1)]);
        return tf.mean(run("CrossEntropy", { logits: rows, labels }, { ignoreIndex: -100, labelSmoothing: 0 })[0]);
      },
    ],
    adam: ["AdamWUpdate", fusedAdam(tf, run)],
  };
  const available = Object.entries(byKernel).filter(([, [kernel]]) => tf.getKernel(kernel, "wasm") !== undefined);
  return { ...composed, ...Object.fromEntries(available.map(([name, [, compute]]) => [name, compute])) };
}

const composedAdam =
  (tf) =>
  ({ learningRate, beta1, beta2, epsilon }) =>
    tf.train.adam(learningRate, beta1, beta2, epsilon);

/** An optimizer with the interface of tfjs's, one kernel call for each parameter. */
const fusedAdam =
  (tf, run) =>
  ({ learningRate, beta1, beta2, epsilon }) => {
    const moments = new Map();
    let step = 0;
    const update = (variable, gradient) => {
      const [m, v] = moments.get(variable) ?? [tf.zerosLike(variable), tf.zerosLike(variable)];
      const attributes = { learningRate, beta1, beta2, eps: epsilon, weightDecay: 0, step };
      const [parameter, ...next] = run("AdamWUpdate", { parameter: variable, gradient, m, v }, attributes);
      variable.assign(parameter);
      tf.dispose([parameter, m, v]);
      moments.set(variable, next);
    };
    return {
      minimize(loss, _returnCost, variables) {
        const { value, grads } = tf.variableGrads(loss, variables);
        step++;
        for (const variable of variables) update(variable, grads[variable.name]);
        tf.dispose(grads);
        return value;
      },
      dispose: () => tf.dispose([...moments.values()].flat()),
    };
  };
