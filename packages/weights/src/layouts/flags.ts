import { checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LayoutOptions } from "./from-layout.js";
import type { Choice, Layout, Rule } from "./layout.js";

/**
 * A layout without the rules that a flag switches off, in which those that a flag switches on are required. Its head is required
 * where `tiedHead` is false, and left out where it is true.
 *
 * @throws ValueError when a flag is unknown or not a boolean
 */
export function withFlags(operation: string, layout: Layout, { flags = {}, tiedHead }: LayoutOptions): Layout {
  checkFlags(operation, layout, flags);
  const decided = (each: Rule | Choice) => decidedRule(each, layout, flags, tiedHead);
  return { ...layout, body: layout.body.flatMap(decided), head: (layout.head ?? []).flatMap(decided) };
}

/** The flags that the rules of a layout name. */
export function flagNames({ body, head = [] }: Layout): readonly string[] {
  const rules = [...body, ...head].flatMap((each): readonly Rule[] => ("oneOf" in each ? each.oneOf : [each]));
  return [...new Set(rules.flatMap(({ optional }) => (typeof optional === "string" ? [optional] : [])))];
}

function checkFlags(operation: string, layout: Layout, flags: Readonly<Record<string, boolean | undefined>>): void {
  checkOptions<object>(operation, flags, Object.fromEntries(flagNames(layout).map((name) => [name, true])), "flag");
  for (const [name, value] of Object.entries<unknown>(flags)) {
    if (value === undefined || typeof value === "boolean") continue;
    refuse(ValueError, operation, `flags.${name}`, "true or false", describeValue(value));
  }
}

function decidedRule(
  each: Rule | Choice,
  layout: Layout,
  flags: NonNullable<LayoutOptions["flags"]>,
  tiedHead?: boolean,
): (Rule | Choice)[] {
  if ("oneOf" in each || each.optional === undefined) return [each];
  const { optional, ...required } = each;
  const given = optional === true ? undefined : flags[optional];
  if (given === false) return [];
  if (each.theirs[0] !== layout.tied?.head) return [given === true ? required : each];
  if (tiedHead === true) return [];
  return [tiedHead === false ? required : each];
}
