import type { ActivationName } from "./activations/activation.js";
import { GatedFeedForward, type GatedFeedForwardConfig } from "./gated-feed-forward.js";

/** Sizes and parts of a gated feed-forward whose activation is named by its builder. */
export type GluConfig = Omit<GatedFeedForwardConfig, "activation">;

/** down(sigmoid(gate(x)) · up(x)). Source: Dauphin et al. 2016; Shazeer 2020. @throws ValueError as `GatedFeedForward` */
export function glu(config: GluConfig): GatedFeedForward {
  return variant(config, "sigmoid");
}

/** down(relu(gate(x)) · up(x)). Source: Shazeer 2020. @throws ValueError as `GatedFeedForward` */
export function reglu(config: GluConfig): GatedFeedForward {
  return variant(config, "relu");
}

/** down(gelu(gate(x)) · up(x)). Source: Shazeer 2020. @throws ValueError as `GatedFeedForward` */
export function geglu(config: GluConfig): GatedFeedForward {
  return variant(config, "gelu");
}

/** down(silu(gate(x)) · up(x)), as in Llama. Source: Shazeer 2020. @throws ValueError as `GatedFeedForward` */
export function swiglu(config: GluConfig): GatedFeedForward {
  return variant(config, "silu");
}

function variant(config: GluConfig, activation: ActivationName): GatedFeedForward {
  return new GatedFeedForward({ ...config, activation });
}
