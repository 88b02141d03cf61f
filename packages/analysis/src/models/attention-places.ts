import { checkInteger, type Composite, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkModel } from "../checks.js";
import { type AttentionPart, attentionsOf } from "./attentions.js";

/** A head of a model. */
export interface HeadName {
  /** The name of its attention, for example `"layers.0.attention"`. */
  readonly attention: string;
  readonly head: number;
}

/** An attention and its place in a model. */
export interface AttentionPlace extends AttentionPart {
  /** The index of its layer in its stack; 0 outside a stack. */
  readonly layer: number;
  /** The residual stream that it adds to and takes its queries from: `""`, `"encoder"` or `"decoder"`. */
  readonly stream: string;
  /** The residual stream that it takes keys and values from: the encoder's for cross-attention. */
  readonly source: string;
}

/**
 * Every attention of a model in the order of computation.
 *
 * @param layers only layers with these indices; default all
 * @throws ValueError when there is none, or `layers` is not a list of integers ≥ 0
 */
export function attentionPlaces(operation: string, model: Composite, layers?: readonly number[]): readonly AttentionPlace[] {
  checkModel(operation, model);
  checkLayers(operation, layers);
  const places = attentionsOf(model)
    .map(placeOf)
    .filter(({ layer }) => layers === undefined || layers.includes(layer));
  if (places.length > 0) return places;
  const received = layers === undefined ? "one without" : `none in layers [${layers.join(", ")}]`;
  return refuse(ValueError, operation, "model", "a model with multi-head attention in the requested layers", received);
}

function placeOf({ name, attention }: AttentionPart): AttentionPlace {
  const [, stream = "", layer = "0"] = /^(?:(.*)\.)?layers\.(\d+)\./.exec(name) ?? [];
  return { name, attention, layer: Number(layer), stream, source: isCross(name) ? "encoder" : stream };
}

function checkLayers(operation: string, layers: unknown): void {
  if (layers === undefined) return;
  if (!Array.isArray(layers)) refuse(ValueError, operation, "layers", "a list of indices of layers", describeValue(layers));
  for (const layer of layers) checkInteger(operation, "layers", layer, 0);
}

/** Whether an attention reads keys and values from the encoder's output. */
export function isCross(name: string): boolean {
  return name.split(".").at(-1) === "crossAttention";
}
