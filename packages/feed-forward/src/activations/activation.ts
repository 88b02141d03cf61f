import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Activation } from "./elementwise.js";
import { gelu, geluTanh } from "./gelu.js";
import { identity } from "./identity.js";
import { relu, relu2 } from "./relu.js";
import { sigmoid, tanh } from "./sigmoid.js";
import { quickGelu, silu } from "./silu.js";

/** The activations by their names here. */
const named = { gelu, geluTanh, silu, relu, sigmoid, tanh, quickGelu, relu2, identity } satisfies Record<string, Activation>;

/** Hugging Face's names (`hidden_act`, `activation_function`) where they differ. */
const aliases = {
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_fast: geluTanh,
  gelu_python: gelu,
  swish: silu,
  quick_gelu: quickGelu,
  relu_squared: relu2,
  linear: identity,
} satisfies Record<string, Activation>;

/** A name that {@link activation} knows, Hugging Face's included. */
export type ActivationName = keyof typeof named | keyof typeof aliases;

const known: ReadonlyMap<string, Activation> = new Map(Object.entries({ ...named, ...aliases }));

/** Every name that {@link activation} knows. */
export const activationNames: readonly ActivationName[] = [...known.keys()] as ActivationName[];

/**
 * The activation of a name, as a model's config has it: `"gelu"`, `"geluTanh"`, `"silu"`, `"relu"`, `"sigmoid"`,
 * `"tanh"`, `"quickGelu"`, `"relu2"`, `"identity"`, or Hugging Face's `"gelu_new"`, `"gelu_pytorch_tanh"`, `"gelu_fast"`
 * (all geluTanh), `"gelu_python"`, `"swish"`, `"quick_gelu"`, `"relu_squared"`, `"linear"`.
 *
 * @throws ValueError that lists the names when this is none of them
 */
export function activation(name: string): Activation {
  return known.get(name) ?? refuse(ValueError, "activation", "name", `one of ${activationNames.join(", ")}`, describeValue(name));
}
