import type { Tensor } from "@tensorflow/tfjs-core";
import { checkObject, checkOptions, refuse, scope, type StateDict, ValueError } from "@tfblocks/tensor-utils";
import { withFlags } from "./flags.js";
import { type LayoutOptions, layoutOptionNames } from "./from-layout.js";
import type { Layout, Rule } from "./layout.js";
import { contextOf, isOneForOne } from "./links.js";
import { chooseRules } from "./rewrite.js";
import { resolveSizes, type Sizes } from "./sizes.js";
import { type TransformName, transforms } from "./transforms.js";

/** How the entries of a foreign state dict are made of ours, one at a time. */
export interface ToLayoutPlan {
  /** Their names, each with the names of ours that it is made of. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
  /**
   * One of their entries.
   *
   * @param state with ours that it is made of, borrowed
   * @returns the caller owns it
   * @throws ValueError when the name is not in `entries`
   */
  convert(name: string, state: StateDict): Tensor;
  /**
   * For each of ours the rows of one of their entries that it has, in order; undefined where rows do not stay whole.
   *
   * @throws ValueError when the name is not in `entries`
   */
  rows(name: string): Readonly<Record<string, readonly number[]>> | undefined;
}

/**
 * What `toLayout` does, one entry at a time: for entries that are not tensors of tfjs, or are too large to be all made at once.
 *
 * @param shapes of our state dict, by name
 * @param options as of `toLayout`
 * @throws StateDictError, ValueError as `toLayout`
 *
 * @example
 * ```ts
 * import { planToLayout, torchMultiheadAttention } from "@tfblocks/weights/layouts";
 *
 * const square = [8, 8];
 * const shapes = { "query.weight": square, "key.weight": square, "value.weight": square, "output.weight": square };
 * const plan = planToLayout(torchMultiheadAttention, shapes);
 * plan.entries.get("in_proj_weight"); // [ 'query.weight', 'key.weight', 'value.weight' ]
 * ```
 */
export function planToLayout(
  layout: Layout,
  shapes: Readonly<Record<string, readonly number[]>>,
  options: LayoutOptions = {},
): ToLayoutPlan {
  const operation = `planToLayout(${layout.name})`;
  const { sizes: given = {}, prefix = layout.prefix } = checkOptions(operation, options, layoutOptionNames);
  const ours = new Map(Object.entries(checkObject(operation, "shapes", shapes)).map(([name, shape]) => [name, { shape }]));
  const rewriting = { operation, layout: withFlags(operation, layout, options), prefix, sizes: resolveSizes(operation, layout, given) };
  const { rules, sizes } = chooseRules({ ...rewriting, direction: "ours to theirs" }, ours);
  const steps = new Map(rules.flatMap((rule) => rule.theirs.map((name, at) => [name, stepOf(rule, at)] as const)));
  return new PlannedEntries(operation, steps, sizes, (name) => ours.get(name)!.shape[0]!);
}

/** How one of their entries is made. */
interface Step {
  readonly rule: Rule;
  readonly ours: readonly string[];
  readonly transform: TransformName;
}

function stepOf(rule: Rule, at: number): Step {
  return { rule, ours: isOneForOne(rule) ? [rule.ours[at]!] : rule.ours, transform: rule.transform ?? "same" };
}

class PlannedEntries implements ToLayoutPlan {
  readonly entries: ToLayoutPlan["entries"];
  readonly #operation: string;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #sizes: Sizes;
  readonly #rowCount: (ours: string) => number;

  constructor(operation: string, steps: ReadonlyMap<string, Step>, sizes: Sizes, rowCount: (ours: string) => number) {
    this.entries = new Map(Array.from(steps, ([name, { ours }]) => [name, ours]));
    [this.#operation, this.#steps, this.#sizes, this.#rowCount] = [operation, steps, sizes, rowCount];
  }

  convert(name: string, state: StateDict): Tensor {
    const { rule, ours, transform } = this.#step(name);
    return scope(() =>
      transforms[transform].join(
        ours.map((each) => state[each]!),
        contextOf(rule, this.#sizes),
      ),
    );
  }

  rows(name: string): Readonly<Record<string, readonly number[]>> | undefined {
    const { rule, ours, transform } = this.#step(name);
    const count = ours.reduce((sum, each) => sum + this.#rowCount(each), 0);
    const rows = transforms[transform].rows?.(count, contextOf(rule, this.#sizes));
    return rows && Object.fromEntries(ours.map((each, at) => [each, rows[at]!]));
  }

  #step(name: string): Step {
    return this.#steps.get(name) ?? refuse(ValueError, this.#operation, "name", "of a planned entry", JSON.stringify(name));
  }
}
