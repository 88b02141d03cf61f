import { add, type Tensor } from "@tensorflow/tfjs-core";
import { layerNorm, LayerNorm, rmsNorm, RMSNorm } from "@tfblocks/norm";
import { scope, walkParts } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import { withKeptValues } from "../../../reading/kept-values.js";
import { rangeOf } from "../../../reading/range-of.js";
import { layerOfPart } from "../../../reading/read-stages.js";
import type { Run } from "../../../reading/run.js";
import type { LayerPlace } from "../../../workspace/chosen-layer.js";
import type { ModelBlock } from "../model-block.js";
import { normStage } from "./compute-norms.js";
import type { ModelNorm, NormFactors } from "./model-norms.js";

const names = ["attention", "crossAttention", "feedForward"].flatMap((part) => [`${part}Norm`, `${part}PostNorm`]);
const sides = ["input", "output"] as const;

/** The norms of a layer in the order of the computation, each with the vectors of the text before and after it. */
export async function readNorms(run: Run, { kind, layer }: LayerPlace): Promise<ModelBlock<readonly ModelNorm[]>> {
  const attention = run.attention(kind, layer);
  const prefix = layerOfPart(attention.part);
  const parts = new Map<string, unknown>(walkParts(run.opened.model));
  const present = names.map((name) => `${prefix}.${name}`).filter((name) => isNorm(parts.get(name)));
  if (present.length === 0) return { absent: "This layer has no norm: its parts read the stream as it is." };
  const places = present.flatMap((part) => sides.map((side) => ({ part, side })));
  return withKeptValues(run, places, async (kept) => {
    const valueOf = (part: string, side: string): Tensor => kept.find((each) => each.part === part && each.side === side)!.value;
    const read = (part: string): ModelNorm => ({
      part: part.slice(prefix.length + 1),
      tokens: attention.rows.tokens,
      ...numbersOf(parts.get(part) as LayerNorm | RMSNorm, valueOf(part, "input"), valueOf(part, "output")),
    });
    const norms = present.map(read);
    return { about: about(norms[0]!.kind), picture: norms };
  });
}

function isNorm(part: unknown): part is LayerNorm | RMSNorm {
  return part instanceof LayerNorm || part instanceof RMSNorm;
}

type NormNumbers = Omit<ModelNorm, "part" | "tokens">;

/** @param before `[1, tokens, width]` @param after `[1, tokens, width]` */
function numbersOf(norm: LayerNorm | RMSNorm, before: Tensor, after: Tensor): NormNumbers {
  const { eps } = norm;
  const isLayerNorm = norm instanceof LayerNorm;
  const kind = isLayerNorm ? "LayerNorm" : "RMSNorm";
  const bias = isLayerNorm && norm.bias !== undefined ? factorsOf(norm.bias) : null;
  return scope(() => ({
    kind,
    eps,
    width: before.shape.at(-1)!,
    weight: factorsOf(isLayerNorm ? norm.weight : add(norm.weight, norm.weightOffset)),
    bias,
    stages: [
      normStage("before", before),
      normStage("rescaled", isLayerNorm ? layerNorm(before, { eps }) : rmsNorm(before, { eps })),
      normStage(bias === null ? "times weight" : "times weight, plus bias", after),
    ],
  }));
}

function factorsOf(tensor: Tensor): NormFactors {
  const values = floats(tensor);
  return { values, ...rangeOf(values) };
}

function about(kind: ModelNorm["kind"]): string {
  return kind === "LayerNorm"
    ? "The norms of this model are LayerNorms: they subtract the mean of a vector and divide by its standard deviation, then multiply by learned weights."
    : "The norms of this model are RMSNorms, not LayerNorms: they divide a vector by its root mean square and keep its mean, then multiply by learned weights.";
}
