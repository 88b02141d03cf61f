import { abs, add, erf, exp, greater, mul, sign, square, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkObject, checkUnknown, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { Gelu } from "@tfblocks/tensor-utils/kernels";
import { elementwise, type Formula } from "./elementwise.js";
import { sigmoidLinear } from "./sigmoid-linear.js";

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `"tanh"` takes the tanh form, as GPT-2 does; default `"none"`, the exact function. */
  readonly approximate?: "none" | "tanh";
}

/**
 * Gaussian error linear unit: x Φ(x), Φ the standard normal distribution function, (1 + erf(x / √2)) / 2.
 *
 * With `approximate: "tanh"`: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. Both are within 1e-6 (1 + |x|) of float64.
 * Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws ValueError when `approximate` is neither `"none"` nor `"tanh"`, or an option is unknown
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  const { approximate = "none", ...unknown } = checkObject("gelu", "options", options);
  checkUnknown("gelu", "options", unknown);
  const formula = Object.hasOwn(formulas, approximate) ? formulas[approximate] : undefined;
  if (formula === undefined) return refuse(ValueError, "gelu", "approximate", '"none" or "tanh"', describeValue(approximate));
  return elementwise("gelu", x, formula, { name: Gelu, attrs: { approximate } });
}

/** {@link gelu} in its tanh form: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. @param x `[...]` @returns `[...]` */
export function geluTanh(x: Tensor): Tensor {
  return gelu(x, { approximate: "tanh" });
}

/** x Φ(x), with the derivative Φ(x) + x φ(x), φ the density. */
const exact: Formula = {
  value: (x) => mul(x, normalDistribution(x)),
  slope: (x) => add(normalDistribution(x), mul(x, normalDensity(x))),
};

const rate = 2 * Math.sqrt(2 / Math.PI);
const cubic = 0.044715 * rate;

/** (1 + tanh u) / 2 is sigmoid(2u). Past ±10 it is 0 or 1, and x³ might overflow in the slope. */
const smooth = sigmoidLinear(
  (x) => mul(x, add(rate, mul(cubic, square(x)))),
  (x) => add(rate, mul(3 * cubic, square(x))),
);
const formulas: Readonly<Record<NonNullable<GeluOptions["approximate"]>, Formula>> = {
  none: exact,
  tanh: { value: smooth.value, slope: (x) => smooth.slope(within(x, 10)) },
};

function normalDistribution(x: Tensor): Tensor {
  return add(0.5, mul(0.5, erf(mul(x, Math.SQRT1_2))));
}

function normalDensity(x: Tensor): Tensor {
  return mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

/** x cut to ±limit; NaN stays, which tfjs's `clipByValue` loses on WASM. */
function within(x: Tensor, limit: number): Tensor {
  return where(greater(abs(x), limit), mul(sign(x), limit), x);
}
