import { untracked, useSignalEffect } from "@preact/signals";
import type { LiveResult } from "../compute/live-result.js";
import type { HeadPlace, ModelInfo } from "../models/model-info.js";
import type { ReadingInput } from "../reading/reading-input.js";
import type { Workspace } from "./workspace.js";

/** A layer of a model: of its stack, its encoder or its decoder. */
export type LayerPlace = Pick<HeadPlace, "kind" | "layer">;

/** A layer of the chosen model, and what is read. */
export interface LayerRequest {
  readonly input: ReadingInput;
  readonly place: LayerPlace;
}

/** Every layer of a model. Cross-attention is in the layers of the decoder. */
export function layersOf({ stacks }: ModelInfo): LayerPlace[] {
  return stacks.filter(({ kind }) => kind !== "cross").flatMap(({ kind, parts }) => parts.map((_, layer) => ({ kind, layer })));
}

/** The layer of a head; the nearest one there is, for a head of another model. */
export function layerOfHead(info: ModelInfo, { kind, layer }: HeadPlace): LayerPlace {
  const wanted = kind === "cross" ? "decoder" : kind;
  const layers = layersOf(info);
  const own = layers.filter((each) => each.kind === wanted);
  const stack = own.length > 0 ? own : layers.filter((each) => each.kind === layers[0]!.kind);
  return stack[Math.min(layer, stack.length - 1)]!;
}

/** Asks for the chosen layer once the model is open, and again whenever the layer, the model, its edits or the text changes. */
export function useLayerRequest<Result>(workspace: Workspace, result: LiveResult<LayerRequest, Result>): void {
  useSignalEffect(() => {
    const [input, info, { head }] = [workspace.input.value, workspace.info.value, workspace.state.value];
    if (info?.id !== input.model) return;
    untracked(() => result.request({ input, place: layerOfHead(info, head) }));
  });
}
