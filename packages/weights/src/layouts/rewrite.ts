import type { Tensor } from "@tensorflow/tfjs-core";
import { checkInteger, checkTensor, own, scope, type StateDict, StateDictError } from "@tfblocks/tensor-utils";
import type { Layout, Rule } from "./layout.js";
import {
  chooseRule,
  contextOf,
  type Direction,
  type Entries,
  expandRules,
  type Faults,
  fit,
  isOneForOne,
  namesOf,
  type Shaped,
} from "./links.js";
import { layerLetters } from "./size-names.js";
import { needed, type Sizes } from "./sizes.js";
import { byHeads, transforms } from "./transforms.js";

/** Everything that rewriting a state dict needs beside its entries. */
export interface Rewriting {
  readonly operation: string;
  readonly layout: Layout;
  readonly direction: Direction;
  readonly prefix: string;
  readonly sizes: Sizes;
}

/**
 * Rewrites entries by the rules of a layout. When any is missing, unexpected or misshapen, nothing is made.
 *
 * @throws StateDictError that names every such entry
 */
export function rewrite(rewriting: Rewriting, entries: Entries): StateDict {
  const { operation, direction } = rewriting;
  for (const [name, tensor] of entries) checkTensor(operation, `state["${name}"]`, tensor, (tensor as Tensor | undefined)?.dtype);
  const { rules, sizes } = chooseRules(rewriting, entries);
  for (const name of rules.flatMap((rule) => namesOf(rule, direction).from)) checkTensor(operation, `state["${name}"]`, entries.get(name));
  return scope(() => Object.fromEntries(rules.flatMap((rule) => apply(rule, entries, direction, sizes))));
}

/** Refuses more layers than entries early, instead of listing the missing entries of every layer. */
function checkLayers({ operation, sizes }: Rewriting, entries: number): void {
  for (const name of Object.values(layerLetters)) {
    if ((sizes.get(name) ?? 0) > entries) checkInteger(operation, `sizes.${name}`, sizes.get(name), 0, entries);
  }
}

/** The rules that apply to entries, and the sizes that their shapes give. */
export interface ChosenRules {
  readonly rules: readonly Rule[];
  readonly sizes: Sizes;
}

/** Finds the rules that apply; makes nothing. @throws StateDictError that names every entry that is missing, unexpected or misshapen */
export function chooseRules(rewriting: Rewriting, entries: Entries<Shaped>): ChosenRules {
  const { operation, layout, direction, prefix, sizes } = rewriting;
  checkLayers(rewriting, entries.size);
  const faults: Faults = { missing: [], unexpected: [], misshapen: [] };
  const rules: Rule[] = [];
  let known = sizes;
  for (const alternatives of expandRules(operation, layout, prefix, sizes)) {
    const rule = chooseRule(alternatives, entries, direction, known);
    const { from } = namesOf(rule, direction);
    if (byHeads.has(rule.transform)) needed(operation, sizes, "numHeads");
    const absent = from.filter((name) => !entries.has(name));
    if (rule.optional && absent.length === from.length) continue;
    const found = fit(rule, entries, direction, known);
    known = found.sizes;
    faults.missing.push(...absent);
    faults.misshapen.push(...found.misshapen);
    rules.push(rule);
  }
  const read = new Set(rules.flatMap((rule) => namesOf(rule, direction).from));
  faults.unexpected.push(...[...entries.keys()].filter((name) => !read.has(name)));
  const { missing, unexpected, misshapen } = faults;
  if (missing.length + unexpected.length + misshapen.length > 0) throw new StateDictError(operation, missing, unexpected, misshapen);
  return { rules, sizes: known };
}

function apply(rule: Rule, entries: Entries, direction: Direction, sizes: Sizes): [string, Tensor][] {
  const { from, to } = namesOf(rule, direction);
  const given = from.map((name) => entries.get(name)!);
  const { split, join } = transforms[rule.transform ?? "same"];
  const context = contextOf(rule, sizes);
  if (isOneForOne(rule)) return to.map((name, index) => [name, own(given[index]!)]);
  const made = direction === "theirs to ours" ? split(given[0]!, context) : [join(given, context)];
  return to.map((name, index) => [name, made[index]!]);
}
