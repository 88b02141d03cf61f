import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** The number of keys that layer `index` sees, itself included; undefined = all. */
export interface Windowed {
  readonly window?: (index: number) => number | undefined;
}

/** From `sliding_window` and, where they are written, `layer_types`; else `slides` says which layers slide. */
export function readWindow(config: ConfigReader, slides: (index: number) => boolean): Windowed {
  if (!config.has("sliding_window")) return {};
  const keys = config.size("sliding_window");
  const types = config.has("layer_types") ? config.texts("layer_types", config.size("num_hidden_layers")) : undefined;
  const wrong = types?.find((type) => type !== "sliding_attention" && type !== "full_attention");
  if (wrong !== undefined) refuse(ValueError, "loadModel", "config.layer_types", '"sliding_attention" or "full_attention"', wrong);
  return { window: (index) => ((types === undefined ? slides(index) : types[index] === "sliding_attention") ? keys : undefined) };
}

/** `sliding_window` and `layer_types`. @throws ValueError when windows differ in length, which no config can say */
export function writeWindow({ window, numLayers }: Windowed & { readonly numLayers: number }): ModelConfig {
  const keys = Array.from({ length: numLayers }, (_, index) => window?.(index));
  const lengths = [...new Set(keys.filter((each) => each !== undefined))];
  if (lengths.length > 1) refuse(ValueError, "writeConfig", "window", "of one length in all layers that slide", lengths.join(", "));
  if (lengths.length === 0) return { sliding_window: null };
  return { sliding_window: lengths[0]!, layer_types: keys.map((each) => (each === undefined ? "full_attention" : "sliding_attention")) };
}
