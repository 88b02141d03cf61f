import { abs, add, erf, exp, greater, mul, sign, square, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { Gelu } from "@tfblocks/tensor-utils/kernels";
import { elementwise, type Formula } from "./elementwise.js";
import { sigmoidLinear } from "./sigmoid-linear.js";

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `"none"` for the exact function, `"tanh"` for the approximation that GPT-2 uses; default `"none"`. */
  readonly approximate?: "none" | "tanh";
}

/**
 * Gaussian error linear unit: x Φ(x), where Φ(x) = (1 + erf(x / √2)) / 2 is the standard normal distribution function.
 *
 * With `approximate: "tanh"`: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. Both are within 1e-6 (1 + |x|) of float64.
 * Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws ValueError when `approximate` is neither `"none"` nor `"tanh"`, or an option is unknown
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  const { approximate = "none" } = checkOptions("gelu", options, { approximate: true });
  const formula = Object.hasOwn(formulas, approximate) ? formulas[approximate] : undefined;
  if (formula === undefined) return refuse(ValueError, "gelu", "approximate", '"none" or "tanh"', describeValue(approximate));
  return elementwise("gelu", x, formula, { name: Gelu, attrs: { approximate } });
}

/** The tanh approximation of {@link gelu}: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. @param x `[...]` @returns `[...]` */
export function geluTanh(x: Tensor): Tensor {
  return gelu(x, { approximate: "tanh" });
}

/** x Φ(x), with the derivative Φ(x) + x φ(x), where φ is the normal density. */
const exact: Formula = {
  value: (x) => mul(x, normalDistribution(x)),
  slope: (x) => add(normalDistribution(x), mul(x, normalDensity(x))),
};

const rate = 2 * Math.sqrt(2 / Math.PI);
const cubic = 0.044715 * rate;

/** The tanh form, by the identity (1 + tanh u) / 2 = sigmoid(2u). */
const approximation = sigmoidLinear(
  (x) => mul(x, add(rate, mul(cubic, square(x)))),
  (x) => add(rate, mul(3 * cubic, square(x))),
);
const formulas: Readonly<Record<NonNullable<GeluOptions["approximate"]>, Formula>> = {
  none: exact,
  tanh: { value: approximation.value, slope: (x) => approximation.slope(clipped(x, 10)) }, // x³ could overflow; beyond ±10 the slope is 0 or 1
};

function normalDistribution(x: Tensor): Tensor {
  return add(0.5, mul(0.5, erf(mul(x, Math.SQRT1_2))));
}

function normalDensity(x: Tensor): Tensor {
  return mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

/** Clips x to ±limit. Preserves NaN, which tfjs's `clipByValue` does not on WASM. */
function clipped(x: Tensor, limit: number): Tensor {
  return where(greater(abs(x), limit), mul(sign(x), limit), x);
}
