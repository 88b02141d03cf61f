import { Variable } from "@tensorflow/tfjs-core";
import { joinNames, namedParts, type Part, type Parts } from "./block.js";
import { borrowed } from "./borrowed.js";
import { building } from "./building.js";
import { Composite } from "./composite.js";
import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";
import { addedParts } from "./ownership.js";
import { refuse } from "./refuse.js";

/** Any block, whatever its `apply` takes and gives. */
type AnyBlock = Exclude<Part, Variable>;

/**
 * Makes the block that takes the place of a part.
 *
 * @param part the part, borrowed: disposing it, also as a part of the new block, frees nothing
 * @param name its dotted name, as `"layers.3.attention.query"`
 */
export type Replace<Kind extends AnyBlock = AnyBlock> = (part: Kind, name: string) => AnyBlock;

/**
 * A block that differs from another in some parts and shares all others with it; nothing is copied.
 *
 * Parts are named as in `parameters()`, without the parameter at the end; `*` in a pattern stands for one word between
 * dots, so that `"layers.*.attention.query"` is the query projection of every layer. A part that stands in several
 * places, as a token embedding that is also the head, is replaced in all of them.
 *
 * Ownership: disposing the new block frees what was added to it, never what it shares. The shared parts belong to the
 * old block, which must live as long as the new one is used.
 *
 * @param pattern one or several; each must match a part
 * @param replace makes the new part; it may hold the old one, or return it to leave the place as it is
 * @throws ValueError when a pattern matches no part, or matches a parameter instead of a block
 * @throws what `replace` and the constructors of the blocks throw; nothing is left behind then
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { feedForward } from "@tfblocks/feed-forward";
 * import { Linear, replaceParts } from "@tfblocks/tensor-utils";
 *
 * await setBackend("cpu");
 * const network = feedForward({ dModel: 8 });
 * const other = replaceParts(network, "down", () => new Linear({ inFeatures: 32, outFeatures: 8, bias: false }));
 * other.dispose(); // frees the new Linear alone
 * network.dispose();
 * ```
 */
export function replaceParts<Kind extends Composite, Replaced extends AnyBlock = AnyBlock>(
  block: Kind,
  pattern: string | readonly string[],
  replace: Replace<Replaced>,
): Kind {
  const patterns = [pattern].flat();
  const names = matchingParts(block, patterns);
  return building(() => {
    const remaker = new Remaker(everyPart(block));
    for (const [name, part] of names) remaker.replace(part, () => replace(borrowed(part) as Replaced, name));
    return remaker.remade(block) as Kind;
  });
}

/** Every part that a pattern names, parts of a replaced part left out. */
function matchingParts(block: Composite, patterns: readonly string[]): [name: string, part: AnyBlock][] {
  const used = new Set<string>();
  const found: [string, AnyBlock][] = [];
  const seen: string[] = [];
  const visit = (parts: Parts, prefix: string): void => {
    for (const [inner, part] of namedParts(parts)) {
      const name = joinNames(prefix, inner);
      const matching = patterns.filter((pattern) => matches(pattern, name));
      for (const each of matching) used.add(each);
      if (part instanceof Variable) {
        if (matching.length > 0) refuseParameter(name);
        continue;
      }
      seen.push(name);
      if (matching.length > 0) found.push([name, part]);
      else if (hasParts(part)) visit(part.parts(), name);
    }
  };
  visit(block.parts(), "");
  const unused = patterns.find((each) => !used.has(each));
  if (unused !== undefined) refuse(ValueError, "replaceParts", "pattern", `the name of a part (${listed(seen)})`, describeValue(unused));
  return found;
}

/** A block's parts, their parts, and so on. */
function everyPart(block: object): Set<object> {
  const found = new Set<object>();
  const visit = (each: object): void => {
    if (found.has(each)) return;
    found.add(each);
    if (hasParts(each)) for (const [, part] of namedParts(each.parts())) visit(part);
  };
  visit(block);
  return found;
}

function refuseParameter(name: string): never {
  const advice = "replace the block that holds it";
  return refuse(ValueError, "replaceParts", "pattern", "the name of a block", `that of the parameter "${name}"`, advice);
}

function matches(pattern: string, name: string): boolean {
  const [expected, words] = [pattern.split("."), name.split(".")];
  return expected.length === words.length && expected.every((word, index) => word === "*" || word === words[index]);
}

function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
}

function hasParts(part: object): part is Composite {
  return "parts" in part;
}

/** Makes blocks again whose fields lead to a replaced part; each is made once, so that what was shared stays shared. */
class Remaker {
  readonly #made = new Map<unknown, unknown>();
  readonly #added = new Set<object>();
  readonly #shared: ReadonlySet<object>;

  /** @param shared what belongs to the old block */
  constructor(shared: ReadonlySet<object>) {
    this.#shared = shared;
  }

  replace(part: AnyBlock, make: () => AnyBlock): void {
    if (!this.#made.has(part)) this.#put(part, make());
  }

  /** A field's value with every replaced part in it swapped; the value itself where there is none. */
  remade(value: unknown): unknown {
    if (this.#made.has(value)) return this.#made.get(value);
    if (Array.isArray(value)) return this.#list(value);
    return value instanceof Composite ? this.#block(value) : value;
  }

  #list(values: readonly unknown[]): readonly unknown[] {
    const made = values.map((each) => this.remade(each));
    return made.some((each, index) => each !== values[index]) ? made : values;
  }

  #block(block: Composite): Composite {
    const fields = Object.entries(block).map(([name, value]) => [name, value, this.remade(value)] as const);
    const changed = fields.filter(([, before, after]) => before !== after).map(([name, , after]) => [name, after]);
    const made = changed.length === 0 ? block : block.remake(Object.fromEntries(changed));
    if (made !== block) addedParts.set(made, this.#added);
    this.#put(block, made);
    return made;
  }

  #put(old: object, made: object): void {
    this.#made.set(old, made);
    if (!this.#shared.has(made)) this.#added.add(made);
  }
}
