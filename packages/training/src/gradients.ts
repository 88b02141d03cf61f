import type { Tensor } from "@tensorflow/tfjs-core";

/** Gradients by the names of their parameters; whoever holds it disposes its tensors. */
export type Gradients = Record<string, Tensor>;
