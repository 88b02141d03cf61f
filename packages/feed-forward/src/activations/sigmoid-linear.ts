import { add, mul, sigmoid, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Activation, Formula } from "./elementwise.js";

/** x · sigmoid(u(x)), with the derivative s + x s (1 - s) u'(x), where s = sigmoid(u(x)). */
export function sigmoidLinear(inner: Activation, innerSlope: Activation): Formula {
  return {
    value: (x) => mul(x, sigmoid(inner(x))),
    slope: (x) => {
      const share = sigmoid(inner(x));
      return add(share, mul(mul(x, innerSlope(x)), bell(share)));
    },
  };
}

/** s (1 - s): the derivative of a sigmoid from its value. */
export function bell(share: Tensor): Tensor {
  return mul(share, sub(1, share));
}
