import { add, mul, sigmoid, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Activation, Formula } from "./elementwise.js";

/** x · sigmoid(u(x)), with the derivative s + x s (1 - s) u'(x), where s = sigmoid(u(x)). */
export function sigmoidLinear(inner: Activation, innerSlope: Activation): Formula {
  return {
    value: (x) => mul(x, sigmoid(inner(x))),
    slope: (x) => {
      const gate = sigmoid(inner(x));
      return add(gate, mul(mul(x, innerSlope(x)), sigmoidSlope(gate)));
    },
  };
}

/** s (1 - s): the derivative of a sigmoid, from its value s. */
export function sigmoidSlope(s: Tensor): Tensor {
  return mul(s, sub(1, s));
}
