import type { ConfigReader, ModelConfig } from "./config-reader.js";
import { noWindow, readLayerWindow, refuseLayerWindow, type Window, writeWindow } from "./window.js";

/** Fields from which {@link readQwenWindow} reads. */
export const qwenWindowFieldNames = ["layer_types", "max_window_layers", "sliding_window", "use_sliding_window"] as const;

/** Qwen has windows in the layers from `max_window_layers` on, and only if `use_sliding_window` is true. */
export function readQwenWindow(config: ConfigReader): Window {
  const first = config.count("max_window_layers", { absent: 28 });
  const slides = (index: number) => index >= first;
  if (config.flag("use_sliding_window", { absent: false })) {
    const keys = 4096;
    return config.isNull("sliding_window") ? noWindow : readLayerWindow(config, { slides, keys });
  }
  refuseLayerWindow(config, "use_sliding_window", "true", false);
  return noWindow;
}

/** Leaves out `max_window_layers`, which transformers does not read where there is `layer_types`. */
export function writeQwenWindow(sizes: { readonly window: Window; readonly numLayers: number }): ModelConfig {
  const written = writeWindow(sizes);
  return { use_sliding_window: "sliding_window" in written, ...written };
}
