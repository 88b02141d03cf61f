import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";

/** A gradient as tfjs registers it, typed by what its kernel gives (`Gradients`) and was given (`Attributes`). */
interface TypedGradient<Gradients, Attributes> extends Omit<GradConfig, "gradFunc"> {
  /** For each input that has a gradient, how it is computed. */
  readonly gradFunc: (gradient: Gradients, saved: Tensor[], attributes: Attributes) => Record<string, () => Tensor>;
}

/** The gradient of a kernel with one output, or with several where `Gradients` is an array. */
export function gradientOf<Attributes = NamedAttrMap, Gradients = Tensor>(config: TypedGradient<Gradients, Attributes>): GradConfig {
  return config as unknown as GradConfig;
}
