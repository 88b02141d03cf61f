import type { Tensor } from "@tensorflow/tfjs-core";
import { type Composite, hold, refuse, ValueError } from "@tfblocks/tensor-utils";
import { replay } from "../edits/replay.js";
import { outputOf } from "../edits/sites.js";
import { type Edit, editSite, withEdits } from "../edits/with-edits.js";
import { layersOf } from "./layers-of.js";

/** One run of a model, of which later runs on the same text repeat the beginning. */
export interface RecordedLayers<Result> {
  readonly result: Result;
  /** Edits that replay every layer before the one that contains a part, so that only the rest is computed. */
  readonly upTo: (part: string) => readonly Edit[];
  /** The number of positions of the layer that contains a part; undefined outside the layers. */
  readonly lengthOf: (part: string) => number | undefined;
  /** Frees the recorded outputs. */
  dispose(): void;
}

/** Runs a model and keeps the output of each layer. @param run applies the model once */
export async function recordLayers<Model extends Composite, Result>(
  operation: string,
  model: Model,
  run: (model: Model) => Result | Promise<Result>,
): Promise<RecordedLayers<Result>> {
  const outputs = new Map<string, Tensor>();
  const free = (): void => outputs.forEach((output) => output.dispose());
  const keeping = (layer: string): Edit =>
    editSite(operation, outputOf(layer), (output) => {
      if (outputs.has(layer)) refuse(ValueError, operation, "run", `a function that applies "${layer}" once`, "a second call");
      outputs.set(layer, hold(output));
      return output;
    });
  try {
    const result = await run(withEdits(model, layersOf(model).map(keeping)));
    return {
      result,
      upTo: (part) => replays(outputs, part),
      lengthOf: (part) => outputs.get(layerOf(outputs, part) ?? "")?.shape[1],
      dispose: free,
    };
  } catch (error) {
    free();
    throw error;
  }
}

function replays(outputs: ReadonlyMap<string, Tensor>, part: string): Edit[] {
  const [layers, containing] = [[...outputs.keys()], layerOf(outputs, part)];
  const earlier = containing === undefined ? [] : layers.slice(0, layers.indexOf(containing));
  return earlier.map((layer) => replay(layer, outputs.get(layer)!));
}

/** The layer that a part is, or is in. */
function layerOf(outputs: ReadonlyMap<string, Tensor>, part: string): string | undefined {
  return [...outputs.keys()].find((layer) => `${part}.`.startsWith(`${layer}.`));
}
