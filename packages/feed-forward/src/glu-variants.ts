import { type Linear, withDefaults } from "@tfblocks/tensor-utils";
import type { ActivationName } from "./activations/activation.js";
import { type GatedFeedForwardSizes, gatedNetwork, gluDefaults } from "./feed-forward-sizes.js";
import type { GatedFeedForward } from "./gated-feed-forward.js";

/** Sizes of a gated feed-forward network with a fixed activation. */
export type GluSizes = Omit<GatedFeedForwardSizes, "activation">;

/** down(sigmoid(gate(x)) · up(x)). Source: Dauphin et al. 2016; Shazeer 2020. @throws ValueError as `gatedFeedForward` */
export function glu(sizes: GluSizes): GatedFeedForward<Linear> {
  return variant("glu", sizes, "sigmoid");
}

/** down(relu(gate(x)) · up(x)). Source: Shazeer 2020. @throws ValueError as `gatedFeedForward` */
export function reglu(sizes: GluSizes): GatedFeedForward<Linear> {
  return variant("reglu", sizes, "relu");
}

/** down(gelu(gate(x)) · up(x)). Source: Shazeer 2020. @throws ValueError as `gatedFeedForward` */
export function geglu(sizes: GluSizes): GatedFeedForward<Linear> {
  return variant("geglu", sizes, "gelu");
}

/** down(silu(gate(x)) · up(x)), as in Llama. Source: Shazeer 2020. @throws ValueError as `gatedFeedForward` */
export function swiglu(sizes: GluSizes): GatedFeedForward<Linear> {
  return variant("swiglu", sizes, "silu");
}

function variant(operation: string, sizes: GluSizes, activation: ActivationName): GatedFeedForward<Linear> {
  return gatedNetwork(operation, { ...withDefaults<GluSizes>(operation, sizes, gluDefaults), activation });
}
