import type { Failure, Outcome } from "../../../compute/outcome.js";
import type { AttentionStack, HeadPlace } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { layerOfPart, partOfHead, placeOfPart } from "./part-names.js";

/** The edits that the form makes; a mask is made in another room. */
export const draftKinds = ["ablate", "scale", "patch", "steer", "freeze"] as const;
export type DraftKind = (typeof draftKinds)[number];

/** What the form asks; each kind of edit takes what it needs of it. */
export interface EditDraft {
  readonly kind: DraftKind;
  readonly heads: readonly HeadPlace[];
  readonly by: "zero" | "mean";
  readonly factor: number;
  /** What is patched: the outputs of heads, or the stream after a layer. */
  readonly patched: "heads" | "layer";
  /** The attention whose layer is patched, steered or frozen. */
  readonly part: string;
  /** The first and last position that is patched; null for all. */
  readonly range: readonly [first: number, last: number] | null;
  readonly from: string;
  readonly toward: string;
  readonly away: string;
  readonly strength: number;
}

/** The draft that the form starts with. */
export function emptyDraft(stacks: readonly AttentionStack[]): EditDraft {
  return {
    kind: "ablate",
    heads: [],
    by: "zero",
    factor: 0.5,
    patched: "heads",
    part: stacks[0]?.parts[0] ?? "",
    range: null,
    from: "",
    toward: "",
    away: "",
    strength: 1,
  };
}

/** The edits of a draft: for heads, one for each attention. What is missing is a failure of the field. */
export function editsFrom(draft: EditDraft, stacks: readonly AttentionStack[]): Outcome<EditSpec[]> {
  const failure = missing(draft);
  return failure === undefined ? { ok: true, result: made(draft, stacks) } : { ok: false, failure };
}

/** Whether a draft chooses heads. */
export function needsHeads({ kind, patched }: EditDraft): boolean {
  return kind === "ablate" || kind === "scale" || (kind === "patch" && patched === "heads");
}

function missing(draft: EditDraft): Failure | undefined {
  if (needsHeads(draft) && draft.heads.length === 0) return { field: "heads", sentence: "Choose at least one head." };
  if ((draft.kind === "patch" || draft.kind === "freeze") && draft.from.trim() === "") {
    return { field: "from", sentence: "Write the text to take the values from." };
  }
  if (draft.kind === "steer" && draft.toward.trim() === "") return { field: "toward", sentence: "Write the text to steer toward." };
  if (draft.kind === "steer" && draft.away.trim() === "") return { field: "away", sentence: "Write the text to steer away from." };
  if (draft.kind === "steer" && draft.toward === draft.away) {
    return { field: "away", sentence: "The two texts are the same, so that their difference is zero. Write another one." };
  }
  return undefined;
}

function made(draft: EditDraft, stacks: readonly AttentionStack[]): EditSpec[] {
  const { kind, by, factor, part, from, toward, away, strength } = draft;
  const layer = layerOfPart(part);
  switch (kind) {
    case "ablate":
      return byPart(draft, stacks).map((place) => ({ kind, ...place, by }));
    case "scale":
      return byPart(draft, stacks).map((place) => ({ kind, ...place, factor }));
    case "patch": {
      const positions = draft.range === null ? {} : { positions: between(draft.range) };
      if (draft.patched === "layer") return [{ kind, part: layer, ...positions, from }];
      return byPart(draft, stacks).map((place) => ({ kind, ...place, ...positions, from }));
    }
    case "steer":
      return [{ kind, part: layer, toward, away, strength }];
    default:
      return [{ kind, part, from }];
  }
}

/** The chosen heads of each attention, in the order of the model. */
function byPart({ heads }: EditDraft, stacks: readonly AttentionStack[]): { readonly part: string; readonly heads: readonly number[] }[] {
  return stacks
    .flatMap(({ parts }) => parts)
    .map((part) => ({
      part,
      heads: heads.flatMap((place) => (partOfHead(stacks, place) === part ? [place.head] : [])).toSorted((a, b) => a - b),
    }))
    .filter((each) => each.heads.length > 0);
}

function between([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, index) => Math.min(first, last) + index);
}

/** The draft that makes an edit, to change it; undefined for a mask. */
export function draftFrom(edit: EditSpec, stacks: readonly AttentionStack[]): EditDraft | undefined {
  if (edit.kind === "mask") return undefined;
  const place = placeOfPart(stacks, edit.part);
  const draft = { ...emptyDraft(stacks), kind: edit.kind, part: attentionAt(stacks, place) ?? edit.part };
  const heads = "heads" in edit && edit.heads !== undefined && place !== undefined ? edit.heads.map((head) => ({ ...place, head })) : [];
  if (edit.kind === "ablate") return { ...draft, heads, by: edit.by };
  if (edit.kind === "scale") return { ...draft, heads, factor: edit.factor };
  if (edit.kind === "patch") {
    return { ...draft, heads, patched: edit.heads === undefined ? "layer" : "heads", range: rangeOf(edit), from: edit.from };
  }
  if (edit.kind === "steer") return { ...draft, toward: edit.toward, away: edit.away, strength: edit.strength };
  return { ...draft, from: edit.from };
}

function attentionAt(stacks: readonly AttentionStack[], place: Pick<HeadPlace, "kind" | "layer"> | undefined): string | undefined {
  return place && stacks.find(({ kind }) => kind === place.kind)?.parts[place.layer];
}

/** From the first to the last position of a patch. */
function rangeOf({ positions }: Extract<EditSpec, { kind: "patch" }>): EditDraft["range"] {
  return positions === undefined || positions.length === 0 ? null : [Math.min(...positions), Math.max(...positions)];
}
