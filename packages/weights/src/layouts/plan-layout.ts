import type { Tensor } from "@tensorflow/tfjs-core";
import { checkObject, checkOptions, refuse, scope, type StateDict, ValueError } from "@tfblocks/tensor-utils";
import { withFlags, withHeadBias } from "./flags.js";
import { type LayoutOptions, layoutOptionNames } from "./from-layout.js";
import type { Layout, Rule } from "./layout.js";
import { contextOf, isOneForOne, type Shaped } from "./links.js";
import { type ChosenRules, chooseRules } from "./rewrite.js";
import { resolveSizes } from "./sizes.js";
import { foundPrefix, weightsOnly } from "./their-names.js";
import { type TransformName, transforms } from "./transforms.js";

/** How the entries of a foreign state dict become ours, one at a time. */
export interface LayoutPlan {
  /** Their names that are needed, each with our names and shapes that it becomes. */
  readonly entries: ReadonlyMap<string, Readonly<Record<string, readonly number[]>>>;
  /**
   * One of their entries under our names, rearranged where the two differ.
   *
   * @param tensor borrowed, of the shape that was planned
   * @returns the caller owns it
   * @throws ValueError when the name is not in `entries`
   */
  convert(name: string, tensor: Tensor): StateDict;
  /**
   * For each of ours the rows of one of their entries that it has, in order: for entries that are read a few rows at a time.
   * Undefined for an entry that is transposed, whose rows do not stay whole.
   *
   * @throws ValueError when the name is not in `entries`
   */
  rows(name: string): Readonly<Record<string, readonly number[]>> | undefined;
}

/**
 * What `fromLayout` does, before any tensor is read: for models that are filled one tensor at a time.
 *
 * @param shapes of a foreign state dict, by name
 * @param options as of `fromLayout`. No numbers are compared: a tied head is left out where `tiedHead` is true, or a head is absent
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once, under their names
 * @throws ValueError as `fromLayout`
 *
 * @example
 * ```ts
 * import { planLayout, torchMultiheadAttention } from "@tfblocks/weights/layouts";
 *
 * const plan = planLayout(torchMultiheadAttention, { in_proj_weight: [24, 8], "out_proj.weight": [8, 8] });
 * plan.entries.get("in_proj_weight"); // { "query.weight": [8, 8], "key.weight": [8, 8], "value.weight": [8, 8] }
 * ```
 */
export function planLayout(layout: Layout, shapes: Readonly<Record<string, readonly number[]>>, options: LayoutOptions = {}): LayoutPlan {
  const operation = `planLayout(${layout.name})`;
  const { sizes = {}, prefix: given, tiedHead } = checkOptions(operation, options, layoutOptionNames);
  const named = Object.entries(checkObject(operation, "shapes", shapes));
  const prefix =
    given ??
    foundPrefix(
      layout,
      named.map(([name]) => name),
    );
  const entries = weightsOnly(
    withHeadBias(layout, tiedHead),
    prefix,
    new Map(named.map(([name, shape]): [string, NamedShape] => [name, { name, shape }])),
  );
  if (tiedHead === true && layout.tied !== undefined) entries.delete(layout.tied.head);
  const rewriting = { operation, layout: withFlags(operation, layout, options), prefix, sizes: resolveSizes(operation, layout, sizes) };
  return new PlannedEntries(operation, chooseRules({ ...rewriting, direction: "theirs to ours" }, entries), entries);
}

/** An entry with the name that it has in its file, which may differ from that in the layout. */
interface NamedShape extends Shaped {
  readonly name: string;
}

class PlannedEntries implements LayoutPlan {
  readonly entries: LayoutPlan["entries"];
  readonly #operation: string;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #chosen: ChosenRules;

  constructor(operation: string, chosen: ChosenRules, entries: ReadonlyMap<string, NamedShape>) {
    this.#operation = operation;
    this.#chosen = chosen;
    this.#steps = new Map(chosen.rules.flatMap((rule) => rule.theirs.map((name, at) => [entries.get(name)!.name, stepOf(rule, at)])));
    this.entries = new Map(Array.from(this.#steps, ([name, { ours, shapes }]) => [name, this.#shapes(ours, shapes)]));
  }

  convert(name: string, tensor: Tensor): StateDict {
    const { rule, ours, split } = this.#step(name);
    const made = scope(() => split(tensor, contextOf(rule, this.#chosen.sizes)));
    return Object.fromEntries(ours.map((each, at) => [each, made[at]!]));
  }

  rows(name: string): Readonly<Record<string, readonly number[]>> | undefined {
    const { rule, ours, transform } = this.#step(name);
    const count = Object.values(this.entries.get(name)!).reduce((sum, [rows]) => sum + rows!, 0);
    const rows = transforms[transform].rows?.(count, contextOf(rule, this.#chosen.sizes));
    return rows && Object.fromEntries(ours.map((each, at) => [each, rows[at]!]));
  }

  #step(name: string): Step {
    return this.#steps.get(name) ?? refuse(ValueError, this.#operation, "name", "of a planned entry", JSON.stringify(name));
  }

  #shapes(ours: readonly string[], shapes: readonly string[]): Record<string, readonly number[]> {
    const { sizes } = this.#chosen;
    return Object.fromEntries(ours.map((name, at) => [name, shapes[at]!.split(" ").map((word) => sizes.get(word) ?? Number(word))]));
  }
}

/** What becomes of one of their entries. */
interface Step {
  readonly rule: Rule;
  readonly ours: readonly string[];
  readonly shapes: readonly string[];
  readonly transform: TransformName;
  readonly split: (theirs: Tensor, context: ReturnType<typeof contextOf>) => Tensor[];
}

function stepOf(rule: Rule, at: number): Step {
  const { ours, shapes, transform = "same" } = rule;
  const { split } = transforms[transform];
  return isOneForOne(rule)
    ? { rule, ours: [ours[at]!], shapes: [shapes[at]!], transform, split }
    : { rule, ours, shapes, transform, split };
}
