import type { TaskPort } from "../compute/task.js";
import { transferArrays } from "../compute/transfer-arrays.js";
import type { AttentionKind, HeadPlace, ModelInfo } from "../models/model-info.js";
import { readLayer } from "./read-layer.js";
import type { LayerReading } from "./readings.js";
import type { Run } from "./run.js";

/**
 * Hands out every layer, the one of `first` first: with thumbnails, and then again with scores and labels.
 *
 * @returns how many layers there are; undefined after a cancel
 */
export async function streamLayers(
  run: Run,
  first: Pick<HeadPlace, "kind" | "layer">,
  onLayer: (layer: LayerReading) => void,
  port: TaskPort,
): Promise<number | undefined> {
  const places = layersFrom(run.opened.info, first);
  for (const [round, isMeasured] of [false, true].entries()) {
    for (const [index, { kind, layer }] of places.entries()) {
      const isWanted = await port.step(isMeasured ? "Measuring heads" : "Drawing heads", round * places.length + index, 2 * places.length);
      if (!isWanted) return undefined;
      onLayer(transferArrays(await readLayer(run, kind, layer, isMeasured)));
    }
  }
  return places.length;
}

/** Every layer of every kind; the wanted layer and kind first. */
function layersFrom({ stacks }: ModelInfo, first: Pick<HeadPlace, "kind" | "layer">): { kind: AttentionKind; layer: number }[] {
  const all = stacks.flatMap(({ kind, parts }) => parts.map((_, layer) => ({ kind, layer })));
  const rank = (each: (typeof all)[number]): number => (each.kind !== first.kind ? 2 : each.layer === first.layer ? 0 : 1);
  return all.toSorted((a, b) => rank(a) - rank(b));
}
