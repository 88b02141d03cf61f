import type { StateDict } from "@tfblocks/tensor-utils";
import { dispose } from "@tensorflow/tfjs-core";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import { writeSafetensors } from "@tfblocks/weights";
import { fromLayout, layouts, toLayout } from "@tfblocks/weights/layouts";
import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import type { LanguageModel } from "../blocks/language-model.js";
import { type ArchitectureName, architectureNamed, architectures } from "./architectures.js";
import { checkSizes } from "./check-sizes.js";
import { ConfigReader, type ModelConfig } from "./config-reader.js";
import { unsetRandom } from "./unset-random.js";

/** A model with what it was made from; whoever holds it disposes the model. */
export interface Pretrained {
  readonly architecture: ArchitectureName;
  /** As the builder of that name takes them. */
  readonly sizes: object;
  readonly model: LanguageModel | EncoderDecoder;
}
