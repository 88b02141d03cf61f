import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Activation } from "./elementwise.js";
import { gelu, geluTanh } from "./gelu.js";
import { identity } from "./identity.js";
import { relu, relu2 } from "./relu.js";
import { sigmoid, tanh } from "./sigmoid.js";
import { quickGelu, silu } from "./silu.js";

/** A name of an activation here. */
type OwnName = "gelu" | "geluTanh" | "silu" | "relu" | "sigmoid" | "tanh" | "quickGelu" | "relu2" | "identity";

/** A name that Hugging Face's configs have (`hidden_act`, `activation_function`) where it differs. */
type Alias = "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" | "gelu_python" | "swish" | "quick_gelu" | "relu_squared" | "linear";

/** A name that {@link activation} knows. */
export type ActivationName = OwnName | Alias;

const named: Readonly<Record<OwnName, Activation>> = { gelu, geluTanh, silu, relu, sigmoid, tanh, quickGelu, relu2, identity };
const aliases: Readonly<Record<Alias, Activation>> = {
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_fast: geluTanh,
  gelu_python: gelu,
  swish: silu,
  quick_gelu: quickGelu,
  relu_squared: relu2,
  linear: identity,
};
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
  return byName("activation", "name", name);
}

/** An activation given by its name or as a function. */
export function activationOf(operation: string, given: ActivationName | Activation): Activation {
  return typeof given === "function" ? given : byName(operation, "activation", given);
}

function byName(operation: string, argument: string, name: string): Activation {
  return known.get(name) ?? refuse(ValueError, operation, argument, `one of ${activationNames.join(", ")}`, describeValue(name));
}
