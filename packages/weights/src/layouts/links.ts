import type { Tensor } from "@tensorflow/tfjs-core";
import type { Choice, Layout, Rule } from "./layout.js";
import { layerLetters } from "./size-names.js";
import { bind, needed, showWords, type Sizes } from "./sizes.js";
import { type TransformContext, transforms } from "./transforms.js";

/** The direction in which a state dict is rewritten. */
export type Direction = "theirs to ours" | "ours to theirs";

/** What rules are chosen by: a tensor, or what is known of it before it is read. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** Entries by name. */
export type Entries<Entry extends Shaped = Tensor> = ReadonlyMap<string, Entry>;

/** The names of entries that are wrong in a state dict. */
export interface Faults {
  readonly missing: string[];
  readonly unexpected: string[];
  readonly misshapen: string[];
}

/** The rules of a layout repeated for every layer; each item lists the alternatives of one rule. */
export function expandRules(operation: string, layout: Layout, prefix: string, sizes: Sizes): readonly (readonly Rule[])[] {
  const body = layout.body.map((each) => alternatives(each, prefix));
  const head = (layout.head ?? []).map((each) => alternatives(each, ""));
  return [...body, ...head].flatMap((rules) => perLayer(operation, rules, sizes));
}

function alternatives(each: Rule | Choice, prefix: string): readonly Rule[] {
  const rules = "oneOf" in each ? each.oneOf : [each];
  return rules.map((rule) => ({ ...rule, theirs: rule.theirs.map((name) => prefix + name) }));
}

function perLayer(operation: string, rules: readonly Rule[], sizes: Sizes): readonly (readonly Rule[])[] {
  const letter = Object.keys(layerLetters).find((each) => rules[0]!.theirs[0]!.includes(each));
  if (letter === undefined) return [rules];
  const count = needed(operation, sizes, layerLetters[letter]!);
  const numbered = (names: readonly string[], layer: number) => names.map((name) => name.replace(letter, String(layer)));
  return Array.from({ length: count }, (_, layer) =>
    rules.map((rule) => ({ ...rule, theirs: numbered(rule.theirs, layer), ours: numbered(rule.ours, layer) })),
  );
}

/** The names that a rule reads and those that it writes. */
export function namesOf(rule: Rule, direction: Direction): { from: readonly string[]; to: readonly string[] } {
  return direction === "theirs to ours" ? { from: rule.theirs, to: rule.ours } : { from: rule.ours, to: rule.theirs };
}

/** Whether each of their entries is one of ours. */
export function isOneForOne({ theirs, ours, transform }: Rule): boolean {
  return theirs.length === ours.length && transform === undefined;
}

/** What the transform of a rule needs beside the tensors. */
export function contextOf(rule: Rule, sizes: Sizes): TransformContext {
  return { parts: rule.ours.length, numHeads: sizes.get("numHeads"), numKvHeads: sizes.get("numKvHeads") };
}

/** The alternative that the entries fit or, if none does, the one of which most entries are present. */
export function chooseRule(rules: readonly Rule[], entries: Entries<Shaped>, direction: Direction, sizes: Sizes): Rule {
  const present = (rule: Rule) => namesOf(rule, direction).from.filter((name) => entries.has(name)).length;
  const fitting = rules.find((rule) => present(rule) === namesOf(rule, direction).from.length && fit(rule, entries, direction, sizes).fits);
  return fitting ?? rules.reduce((best, rule) => (present(rule) > present(best) ? rule : best));
}

/** Adds the sizes that the shapes of a rule determine; a shape that contradicts known sizes is misshapen. */
export function fit(
  rule: Rule,
  entries: Entries<Shaped>,
  direction: Direction,
  sizes: Sizes,
): { sizes: Sizes; fits: boolean; misshapen: string[] } {
  let known = sizes;
  const misshapen: string[] = [];
  for (const { name, shapes, words } of shapesOf(rule, entries, direction, sizes)) {
    const bound = shapes && words.reduce<Sizes | undefined>((at, each, index) => at && bind(shapes[index]!, each, at), known);
    if (bound === undefined) {
      misshapen.push(`"${name}" is [${entries.get(name)!.shape.join(", ")}], expected ${wanted(rule, words, known)}`);
    }
    known = bound ?? known;
  }
  return { sizes: known, fits: misshapen.length === 0, misshapen };
}

interface NamedShape {
  readonly name: string;
  /** The shapes of ours; undefined where the transform cannot give them. */
  readonly shapes: readonly (readonly number[])[] | undefined;
  /** The words of each. */
  readonly words: readonly string[];
}

/** The shapes of our entries, given or to be made. One foreign entry may make several of ours. */
function shapesOf(rule: Rule, entries: Entries<Shaped>, direction: Direction, sizes: Sizes): readonly NamedShape[] {
  const { from } = namesOf(rule, direction);
  const { oursShapes } = transforms[rule.transform ?? "same"];
  return from.flatMap((name, index): NamedShape[] => {
    const given = entries.get(name)?.shape;
    if (given === undefined) return [];
    if (direction === "ours to theirs") return [{ name, shapes: [given], words: [rule.shapes[index]!] }];
    const words = rule.theirs.length === 1 ? rule.shapes : [rule.shapes[index]!];
    return [{ name, shapes: oursShapes(given, contextOf(rule, sizes)), words }];
  });
}

function wanted({ transform = "same", ours }: Rule, words: readonly string[], sizes: Sizes): string {
  const shown = showWords(words[0]!, sizes);
  if (transform === "same") return shown;
  if (transform === "stackedByHeads") return `${words.map((each) => showWords(each, sizes)).join(", ")}, ${transform}`;
  return transform === "transposed" ? `${shown} transposed` : `${ours.length} times ${shown}, ${transform}`;
}
