import type { Complete } from "@tfblocks/tensor-utils";
import type { FamilyFields } from "../shared/config-fields.js";
import type { ConfigReader, ModelConfig } from "../shared/config-reader.js";
import { llamaLikeFields, readLlamaLike, writeLlamaLike } from "../shared/llama-like-config.js";
import { writePadToken } from "../shared/pad-token.js";
import { noWindow, readLayerWindow, refuseLayerWindow, type Window, writeWindow } from "../shared/window.js";
import { plainDefaults, rotatesBut, type Smollm3Sizes, trainedLength, unrotatedInterval } from "./sizes.js";

export const fields: FamilyFields = llamaLikeFields({
  read: ["attention_bias", "layer_types", "mlp_bias", "no_rope_layer_interval", "no_rope_layers", "sliding_window", "use_sliding_window"],
});

/** Where a config has no `num_key_value_heads`, transformers takes 4. */
export function readConfig(config: ConfigReader, names: ReadonlySet<string>): Smollm3Sizes {
  const { attentionBias, feedForwardBias, theta, tiedHead } = plainDefaults;
  const rotates = readRotates(config);
  return {
    ...readLlamaLike(config, names, { classes: "SmolLM3", trainedLength, numKvHeads: 4, theta, tiedHead }),
    attentionBias: config.flag("attention_bias", { absent: attentionBias }),
    feedForwardBias: config.flag("mlp_bias", { absent: feedForwardBias }),
    rotates,
    window: readWindow(config, rotates),
  };
}

/** `no_rope_layers` has 0 for each layer that does not rotate, and 1 for the others. */
function readRotates(config: ConfigReader): (index: number) => boolean {
  const interval = config.size("no_rope_layer_interval", { absent: unrotatedInterval });
  if (!config.has("no_rope_layers") || config.isNull("no_rope_layers")) return rotatesBut(interval);
  const [listed, numLayers] = [config.numbers("no_rope_layers"), config.size("num_hidden_layers")];
  if (listed.length < numLayers) config.refuse("no_rope_layers", `a list of at least ${numLayers} numbers`);
  return (index) => listed[index] !== 0;
}

/** Where a config has no `layer_types`, the layers that do not rotate have the window. */
function readWindow(config: ConfigReader, rotates: (index: number) => boolean): Window {
  if (!config.flag("use_sliding_window", { absent: false })) {
    refuseLayerWindow(config, "use_sliding_window", "true", false);
    return noWindow;
  }
  if (!config.has("sliding_window") || config.isNull("sliding_window")) {
    refuseLayerWindow(config, "sliding_window", "an integer", null);
    return noWindow;
  }
  return readLayerWindow(config, { slides: (index) => !rotates(index), keys: undefined });
}

export function writeConfig(sizes: Complete<Smollm3Sizes>): ModelConfig {
  const written = writeWindow(sizes);
  return {
    ...writeLlamaLike(sizes, "SmolLM3"),
    attention_bias: sizes.attentionBias,
    mlp_bias: sizes.feedForwardBias,
    no_rope_layers: Array.from({ length: sizes.numLayers }, (_, index) => Number(sizes.rotates(index))),
    ...writePadToken(sizes.vocabSize, 128_004),
    use_sliding_window: "sliding_window" in written,
    ...written,
  };
}
