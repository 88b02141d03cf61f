import { causal, lastN, type Mask } from "@tfblocks/masks";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigReader, ModelConfig } from "./config-reader.js";

/** The number of keys that a query of layer `index` sees, itself included; undefined = all before it. */
export type Window = (index: number) => number | undefined;

/** A window in no layer. */
export const noWindow: Window = () => undefined;

/** The causal mask of layer `index`. */
export function windowMask(window: Window, index: number): Mask {
  const keys = window(index);
  return keys === undefined ? causal() : lastN(keys);
}

/**
 * Reads `sliding_window`, a window in every layer; null means none. `layer_types` may not say otherwise.
 *
 * @param absent where the config has no such field; default no window
 */
export function readUniformWindow(config: ConfigReader, absent?: number): Window {
  const hasNone = config.isNull("sliding_window") || (absent === undefined && !config.has("sliding_window"));
  const type = hasNone ? "full_attention" : "sliding_attention";
  if (readLayerTypes(config)?.some((each) => each !== type)) config.refuse("layer_types", `absent, or "${type}" in every layer`);
  if (hasNone) return noWindow;
  const keys = config.size("sliding_window", { ...(absent !== undefined && { absent }) });
  return () => keys;
}

/** Which layers have a window, and its length where the config has none. */
export interface WindowDefaults {
  readonly slides: (index: number) => boolean;
  readonly keys: number | undefined;
}

/** Reads `sliding_window` and `layer_types`, which say which layers have it. */
export function readLayerWindow(config: ConfigReader, { slides, keys: absent }: WindowDefaults): Window {
  const types = readLayerTypes(config);
  const has = (index: number) => (types === undefined ? slides(index) : types[index] === "sliding_attention");
  const numLayers = config.size("num_hidden_layers");
  if (!Array.from({ length: numLayers }, (_, index) => has(index)).some(Boolean)) return noWindow;
  const keys = config.size("sliding_window", { ...(absent !== undefined && { absent }) });
  return (index) => (has(index) ? keys : undefined);
}

/** Refuses `layer_types` with windows beside a field by which no layer has one. @param expected of the field @param value of the field */
export function refuseLayerWindow(config: ConfigReader, field: string, expected: string, value: unknown): void {
  if (!readLayerTypes(config)?.includes("sliding_attention")) return;
  config.refuse(field, `${expected} for layer_types with sliding_attention`, value);
}

/** Reads `layer_types`; undefined where the config does not have it. */
function readLayerTypes(config: ConfigReader): readonly string[] | undefined {
  if (!config.has("layer_types") || config.isNull("layer_types")) return undefined;
  const types = config.texts("layer_types", config.size("num_hidden_layers"));
  const wrong = types.find((type) => type !== "sliding_attention" && type !== "full_attention");
  return wrong === undefined ? types : config.refuse("layer_types", 'of "sliding_attention" and "full_attention"', wrong);
}

/** Writes `sliding_window` and `layer_types`. @throws ValueError when windows differ in length, which a config cannot express */
export function writeWindow({ window, numLayers }: { readonly window: Window; readonly numLayers: number }): ModelConfig {
  const keys = Array.from({ length: numLayers }, (_, index) => window(index));
  const lengths = [...new Set(keys.filter((each) => each !== undefined))];
  if (lengths.length > 1) {
    refuse(ValueError, "modelConfig", "window", "of one length in all layers that have one", lengths.join(", "));
  }
  const types = keys.map((each) => (each === undefined ? "full_attention" : "sliding_attention"));
  return { ...(lengths.length === 1 && { sliding_window: lengths[0] }), layer_types: types };
}
