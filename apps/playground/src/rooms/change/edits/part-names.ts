import type { AttentionStack, HeadPlace } from "../../../models/model-info.js";
import { headName, layerName } from "../../../ui/head-name.js";

/** The layer that an attention, or a layer, is or belongs to; undefined for another part. */
export function placeOfPart(stacks: readonly AttentionStack[], part: string): Pick<HeadPlace, "kind" | "layer"> | undefined {
  for (const { kind, parts } of stacks) {
    const layer = parts.findIndex((each) => each === part || layerOfPart(each) === part);
    if (layer >= 0) return { kind, layer };
  }
  return undefined;
}

/** The dotted name of the layer that contains an attention: "layers.0" for "layers.0.attention". */
export function layerOfPart(part: string): string {
  return part.split(".").slice(0, -1).join(".");
}

/** How a part is shown, for example "L0"; a part that is no attention and no layer by its dotted name. */
export function partLabel(stacks: readonly AttentionStack[], part: string): string {
  const place = placeOfPart(stacks, part);
  return place === undefined ? part : layerName(place);
}

/** Each head of an attention, for example "L0·H3". */
export function headLabels(stacks: readonly AttentionStack[], part: string, heads: readonly number[]): string[] {
  const place = placeOfPart(stacks, part);
  return heads.map((head) => (place === undefined ? `${part}·H${head}` : headName({ ...place, head })));
}

/** The attention of a head; undefined when the model has none there. */
export function partOfHead(stacks: readonly AttentionStack[], { kind, layer, head }: HeadPlace): string | undefined {
  const stack = stacks.find((each) => each.kind === kind);
  return stack !== undefined && head < stack.heads ? stack.parts[layer] : undefined;
}
