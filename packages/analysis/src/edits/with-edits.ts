import type { Tensor } from "@tensorflow/tfjs-core";
import { borrowed, type Composite, describeValue, refuse, replaceParts, ValueError, walkParts } from "@tfblocks/tensor-utils";
import { checkFunction, checkModel } from "../checks.js";
import { type AnyBlock, withInput, withOutput } from "./part-views.js";
import { changeSite } from "./site-values.js";
import { checkSite, isSite, type Site } from "./sites.js";

/** A change of a model. Make one with `ablate`, `patch`, `steer`, `scale`, `maskAttention` or `freezeAttention`. */
export interface Edit {
  /** The name of the operation that made the edit, for error messages. */
  readonly operation: string;
  /** One or more patterns of parts, as in `replaceParts`. */
  readonly part: string | readonly string[];
  /** What of the part changes. */
  readonly place: "computation" | Site["side"];
  /** A view of a part that computes something else. `name` is its name, `owner` the block that contains it. */
  readonly view: (block: AnyBlock, name: string, owner: unknown) => AnyBlock;
}

/**
 * Maps the value of a site, `[batch, positions, columns]`, to one that broadcasts to this shape. `name` is the name of the part,
 * and `heads` the number of heads that the columns belong to, for a site of heads.
 */
export type SiteChange = (value: Tensor, name: string, heads: number | undefined) => Tensor;

/** The model and the edits that an edited model was made from. */
const sources = new WeakMap<object, { readonly model: Composite; readonly edits: readonly Edit[] }>();

/**
 * A model with edits. They apply in order: of several edits of one site, each sees what the earlier ones compute. Editing an edited
 * model appends the edits: `withEdits(withEdits(model, a), b)` equals `withEdits(model, [...a, ...b])`.
 *
 * The model itself does not change; the new one shares all its parameters, and disposing it frees nothing. Everything stays
 * differentiable.
 *
 * @throws ValueError when a part does not exist (the message names the nearest parts), or the edits are not an array of edits
 */
export function withEdits<Model extends Composite>(model: Model, edits: readonly Edit[]): Model {
  checkModel("withEdits", model);
  if (!Array.isArray(edits)) refuse(ValueError, "withEdits", "edits", "an array of edits", describeValue(edits), "pass [edit]");
  edits.forEach(checkEdit);
  const source = sources.get(model);
  const [original, all] = source === undefined ? [model, edits] : [source.model as Model, [...source.edits, ...edits]];
  const edited = inOrderOfViews(all).reduce((current, { operation, part, view }) => {
    const owners = ownersOf(current);
    return replaceParts<Model, AnyBlock>(current, part, (block, name) => view(block, name, owners(name)), operation);
  }, original);
  const result = edited === original ? borrowed(original) : edited; // without an edit too, disposing the result frees nothing
  sources.set(result, { model: original, edits: [...all] });
  return result;
}

const places: readonly unknown[] = ["computation", "input", "output"] satisfies Edit["place"][];

/** @throws ValueError when a value is not an edit, for example a site */
function checkEdit(edit: unknown, index: number): void {
  const { place, view } = (edit ?? {}) as Partial<Edit>;
  if (places.includes(place) && typeof view === "function") return;
  const advice = isSite(edit)
    ? "say what to do there, for example ablate(site)"
    : "make one with ablate, patch, steer, scale, maskAttention or freezeAttention";
  refuse(ValueError, "withEdits", `edits[${index}]`, "an edit", isSite(edit) ? "a site" : describeValue(edit), advice);
}

/** An edit that changes the value of a site. @throws ValueError when `site` is not a site, for example the name of a part */
export function editSite(operation: string, site: Site, change: SiteChange): Edit {
  checkSite(operation, site);
  checkFunction(operation, "change", change, "a function of the value of the site");
  const view: Edit["view"] = (block, name, owner) => {
    const changed = (x: Tensor) => changeSite(operation, site, owner, x, (value) => change(value, name, site.heads?.(operation, owner)));
    return site.side === "input" ? withInput(block, changed) : withOutput(block, changed);
  };
  return { operation, part: site.part, place: site.side, view };
}

/**
 * The order in which the views wrap each other, from the inside: what replaces a computation, then the inputs, of which the outermost
 * view changes first, then the outputs, of which it changes last.
 */
function inOrderOfViews(edits: readonly Edit[]): readonly Edit[] {
  const at = (place: Edit["place"]) => edits.filter((edit) => edit.place === place);
  return [...at("computation"), ...at("input").toReversed(), ...at("output")];
}

/** The block that contains the part of a name. */
function ownersOf(model: Composite): (name: string) => unknown {
  const parts = new Map<string, unknown>([["", model], ...walkParts(model)]);
  return (name) => {
    for (let outer = name; outer !== "";) {
      outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")));
      if (parts.has(outer)) return parts.get(outer);
    }
    return model;
  };
}
