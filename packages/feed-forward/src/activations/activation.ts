import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Activation } from "./elementwise.js";
import { gelu, geluTanh } from "./gelu.js";
import { identity } from "./identity.js";
import { relu, relu2 } from "./relu.js";
import { sigmoid, tanh } from "./sigmoid.js";
import { quickGelu, silu } from "./silu.js";

/** The names here of all activations, with those that Hugging Face's configs have for each; the first one is written. */
const names = {
  gelu: ["gelu", "gelu_python"],
  geluTanh: ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"],
  silu: ["silu", "swish"],
  relu: ["relu"],
  sigmoid: ["sigmoid"],
  tanh: ["tanh"],
  quickGelu: ["quick_gelu"],
  relu2: ["relu2"],
  identity: ["linear"],
} as const;

/** A name of an activation here, without Hugging Face's other names. */
export type CanonicalActivationName = keyof typeof names;

/** A name that Hugging Face's configs have (`hidden_act`, `activation_function`). */
export type HuggingFaceActivationName = (typeof names)[CanonicalActivationName][number];

/** A name that {@link activation} knows. */
export type ActivationName = CanonicalActivationName | HuggingFaceActivationName;

const functions: Readonly<Record<CanonicalActivationName, Activation>> = {
  gelu,
  geluTanh,
  silu,
  relu,
  sigmoid,
  tanh,
  quickGelu,
  relu2,
  identity,
};
const canonicalNames = Object.keys(names) as CanonicalActivationName[];
const known: ReadonlyMap<ActivationName, CanonicalActivationName> = new Map([
  ...canonicalNames.map((name) => [name, name] as const),
  ...canonicalNames.flatMap((name) => names[name].map((theirs) => [theirs, name] as const)),
]);

/** Every name that {@link activation} knows. */
export const activationNames: readonly ActivationName[] = [...known.keys()];

/** Whether {@link activation} knows a name. */
export function isActivationName(name: string): name is ActivationName {
  return known.has(name as ActivationName);
}

/**
 * The activation of a name, as a model's config has it: `"gelu"`, `"geluTanh"`, `"silu"`, `"relu"`, `"sigmoid"`,
 * `"tanh"`, `"quickGelu"`, `"relu2"`, `"identity"`, or Hugging Face's `"gelu_new"`, `"gelu_pytorch_tanh"`, `"gelu_fast"`
 * (all geluTanh), `"gelu_python"`, `"swish"`, `"quick_gelu"`, `"linear"`.
 *
 * @throws ValueError that lists the names when the name is unknown
 */
export function activation(name: string): Activation {
  return functions[canonical("activation", "name", name)];
}

/**
 * The name here of an activation: `"geluTanh"` for `"gelu_new"`.
 *
 * @throws ValueError that lists the names when the name is unknown
 */
export function canonicalActivationName(name: ActivationName): CanonicalActivationName {
  return canonical("canonicalActivationName", "name", name);
}

/**
 * Hugging Face's name of an activation: `"gelu_new"` for `"geluTanh"`. One of Hugging Face's names stays as it is.
 *
 * @throws ValueError that lists the names when the name is unknown
 */
export function huggingFaceActivationName(name: ActivationName): HuggingFaceActivationName {
  const theirs = names[canonical("huggingFaceActivationName", "name", name)];
  return theirs.find((each) => each === name) ?? theirs[0];
}

/** An activation given by its name or as a function. */
export function activationOf(operation: string, given: ActivationName | Activation): Activation {
  return typeof given === "function" ? given : functions[canonical(operation, "activation", given)];
}

function canonical(operation: string, argument: string, name: string): CanonicalActivationName {
  return (
    known.get(name as ActivationName) ??
    refuse(ValueError, operation, argument, `one of ${activationNames.join(", ")}`, describeValue(name))
  );
}
