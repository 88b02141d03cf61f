import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";

/** A gradient as tfjs registers it, with the types of the gradients of its kernel's outputs and of its attributes. */
interface TypedGradient<Gradients, Attributes> extends Omit<GradConfig, "gradFunc"> {
  /** A function for each input that has a gradient. */
  readonly gradFunc: (gradient: Gradients, saved: Tensor[], attributes: Attributes) => Record<string, () => Tensor>;
}

/** The gradient of a kernel with one output, or with several where `Gradients` is an array. */
export function gradientOf<Attributes = NamedAttrMap, Gradients = Tensor>(config: TypedGradient<Gradients, Attributes>): GradConfig {
  return config as unknown as GradConfig;
}
