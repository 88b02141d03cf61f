import { walkParts } from "@tfblocks/tensor-utils";
import type { AttentionKind } from "../models/model-info.js";
import { type KeptValue, type PartSide, withKeptValues } from "./kept-values.js";
import { tokensOfText } from "./model-texts.js";
import { rangeOf } from "./range-of.js";
import type { LayerStage, LayerStages } from "./readings.js";
import type { Run } from "./run.js";

const norms = ["Norm", "PostNorm"].flatMap((suffix) => ["attention", "crossAttention", "feedForward"].map((part) => `${part}${suffix}`));
const projections = ["attention", "crossAttention"].flatMap((part) => ["query", "key", "value"].map((name) => `${part}.${name}`));

/** Where a layer is read, if it has the part: dotted names within the layer. */
const places: readonly PartSide[] = [
  { part: "", side: "input" },
  { part: "attentionNorm", side: "input" },
  { part: "crossAttentionNorm", side: "input" },
  { part: "feedForwardNorm", side: "input" },
  ...[...norms, ...projections].map((part): PartSide => ({ part, side: "output" })),
  ...["attention.output", "crossAttention.output", "feedForward.down"].map((part): PartSide => ({ part, side: "input" })),
  ...["feedForward.gate", "feedForward.up", "attention", "crossAttention", "feedForward", ""].map((part): PartSide => ({
    part,
    side: "output",
  })),
];

/** Every tensor of the layer that has an attention: the model runs once more, and its parts tell what they read and write. */
export async function readStages(run: Run, kind: AttentionKind, layer: number): Promise<LayerStages> {
  const attention = run.attention(kind, layer);
  const name = layerOfPart(attention.part);
  const parts = new Set(walkParts(run.model).map(([part]) => part));
  const present = places.filter(({ part }) => part === "" || parts.has(`${name}.${part}`));
  const named = present.map(({ part, side }) => ({ part: part === "" ? name : `${name}.${part}`, side }));
  return withKeptValues(run, named, async (kept) => {
    const stages: LayerStage[] = [];
    for (const { part, side, value } of kept) {
      const place = { part: part.slice(name.length + 1), side };
      const stage = await stageOf({ ...place, value }, isOfSource(place) ? tokensOfText(run.texts).tokens : attention.rows.tokens);
      if (!isStreamAgain(stage, stages[0])) stages.push(stage);
    }
    return { layer: name, stages };
  });
}

/** The dotted name of the layer that has a part, for example "layers.0" for "layers.0.attention". */
export function layerOfPart(part: string): string {
  return part.slice(0, part.lastIndexOf("."));
}

/** Whether the rows are those of the text that cross-attention looks at. */
function isOfSource({ part }: PartSide): boolean {
  return part === "crossAttention.key" || part === "crossAttention.value";
}

/** Whether a norm reads what entered the layer: a norm before attention, or before a network beside attention. */
function isStreamAgain({ part, side, values }: LayerStage, first: LayerStage | undefined): boolean {
  return side === "input" && part !== "" && values.every((value, index) => Object.is(value, first?.values[index]));
}

async function stageOf({ part, side, value }: KeptValue, tokens: readonly string[]): Promise<LayerStage> {
  const values = Float32Array.from(await value.data<"float32">());
  return { part, side, tokens, columns: value.shape.at(-1)!, values, ...rangeOf(values) };
}
