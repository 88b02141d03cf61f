import { causal, lastN, type Mask } from "@tfblocks/masks";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** The number of keys that a query of layer `index` sees, itself included; undefined = all before it. */
export type Window = (index: number) => number | undefined;

/** The causal mask of layer `index`. */
export function windowMask(window: Window | undefined, index: number): Mask {
  const keys = window?.(index);
  return keys === undefined ? causal() : lastN(keys);
}

/**
 * Reads `sliding_window` and, where the config has it, `layer_types`.
 *
 * @param slides which layers have the window when there is no `layer_types`
 */
export function readWindow(config: ConfigReader, slides: (index: number) => boolean, fallback?: number): Window | undefined {
  if (fallback === undefined && !config.has("sliding_window")) return undefined;
  const keys = config.size("sliding_window", fallback);
  const types = config.has("layer_types") ? config.texts("layer_types", config.size("num_hidden_layers")) : undefined;
  const wrong = types?.find((type) => type !== "sliding_attention" && type !== "full_attention");
  if (wrong !== undefined) refuse(ValueError, "loadModel", "config.layer_types", '"sliding_attention" or "full_attention"', wrong);
  return (index) => ((types === undefined ? slides(index) : types[index] === "sliding_attention") ? keys : undefined);
}

/** Writes `sliding_window` and `layer_types`. @throws ValueError when windows differ in length, which a config cannot express */
export function writeWindow({ window, numLayers }: { readonly window: Window | undefined; readonly numLayers: number }): ModelConfig {
  const keys = Array.from({ length: numLayers }, (_, index) => window?.(index));
  const lengths = [...new Set(keys.filter((each) => each !== undefined))];
  if (lengths.length > 1) {
    refuse(ValueError, "modelConfig", "window", "of one length in all layers that have one", lengths.join(", "));
  }
  if (lengths.length === 0) return { sliding_window: null };
  return { sliding_window: lengths[0]!, layer_types: keys.map((each) => (each === undefined ? "full_attention" : "sliding_attention")) };
}
