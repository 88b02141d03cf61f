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
  const named = withHeadBias(layout, tiedHead);
  const decided = (each: Rule | Choice) => decidedRule(each, named, flags, tiedHead);
  return { ...named, body: named.body.flatMap(decided), head: (named.head ?? []).flatMap(decided) };
}

/** The layout with the name that the bias of its head has. */
export function withHeadBias(layout: Layout, tiedHead: boolean | undefined): Layout {
  const { headBias, head = [], ignored = [], renamed = {} } = layout;
  if (headBias === undefined || tiedHead !== false) return layout;
  const { tied, untied } = headBias;
  const rename = (each: Rule | Choice) =>
    "oneOf" in each ? each : { ...each, theirs: each.theirs.map((name) => (name === tied ? untied : name)) };
  const { [untied]: _shared, ...otherNames } = renamed;
  return { ...layout, head: head.map(rename), ignored: [...ignored.filter((name) => name !== untied), tied], renamed: otherNames };
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
