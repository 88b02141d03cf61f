import { Variable } from "@tensorflow/tfjs-core";
import { joinNames, namedParts, type Part, type Parts } from "./block.js";
import { borrowed } from "./borrowed.js";
import { building } from "./building.js";
import { Composite } from "./composite.js";
import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";
import { matches, partsNear } from "./part-names.js";
import { addedParts } from "./ownership.js";
import { refuse } from "./refuse.js";
import { hasParts, walkParts } from "./walk-parts.js";

/** Any block, whatever its `apply` takes and returns. */
type AnyBlock = Exclude<Part, Variable>;

/**
 * Makes the replacement of a part.
 *
 * @param part the old part, borrowed: the replacement may contain it, and disposing it frees nothing
 * @param name its dotted name, for example `"layers.3.attention.query"`
 * @returns undefined to be asked for a part inside it that has the same name, for example the map of a map with a norm
 */
export type Replace<Kind extends AnyBlock = AnyBlock> = (part: Kind, name: string) => AnyBlock | undefined;

/**
 * Makes a block from another one by replacing some of its parts. The new block shares all other parts with the old one;
 * nothing is copied, and the old block does not change.
 *
 * A part is named as in `parameters()`, without the name of the parameter at the end. In a pattern, `*` stands for one
 * word between dots: `"layers.*.attention.query"` matches the query projection of every layer. A part that occurs in
 * several places, for example a token embedding that is also the head, is replaced in all of them.
 *
 * Ownership: disposing the new block frees the parts that were added, never the shared ones. The shared parts belong to
 * the old block; dispose it after the new one.
 *
 * @param pattern one or more patterns; each must match a part
 * @param replace makes the replacement; it may wrap the old part, or return it unchanged
 * @param operation the name of the caller for errors; default `"replaceParts"`
 * @throws ValueError when a pattern does not match a part, or matches a parameter instead of a block; the message names the nearest parts
 * @throws what `replace` or a constructor throws; parameters made so far are freed
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
 * other.dispose(); // frees only the new Linear
 * network.dispose();
 * ```
 */
export function replaceParts<Kind extends Composite, Replaced extends AnyBlock = AnyBlock>(
  block: Kind,
  pattern: string | readonly string[],
  replace: Replace<Replaced>,
  operation = "replaceParts",
): Kind {
  const found = matchingParts(operation, block, [pattern].flat());
  return building(() => {
    const rebuild = new Rebuild(new Set([block, ...walkParts(block).map(([, part]) => part)]));
    for (const { name, parts } of found) parts.some((part) => rebuild.replace(part, () => replace(borrowed(part) as Replaced, name)));
    return rebuild.resolve(block) as Kind;
  });
}

/** A name that matches a pattern, and the parts that have it, the outermost first. */
interface Match {
  readonly name: string;
  readonly parts: readonly AnyBlock[];
}

/** The parts that match a pattern. Parts inside a matching part are not searched, but for those of the same name. */
function matchingParts(operation: string, block: Composite, patterns: readonly string[]): Match[] {
  const wrong = patterns.find((pattern) => typeof pattern !== "string");
  if (wrong !== undefined) refuse(ValueError, operation, "pattern", "the name of a part", describeValue(wrong));
  const used = new Set<string>();
  const found: Match[] = [];
  const seen: string[] = [];
  const visit = (parts: Parts, prefix: string): void => {
    for (const [inner, part] of namedParts(parts)) {
      const name = joinNames(prefix, inner);
      const matching = patterns.filter((pattern) => matches(pattern, name));
      for (const pattern of matching) used.add(pattern);
      if (part instanceof Variable) {
        if (matching.length > 0) refuseParameter(operation, name);
        continue;
      }
      seen.push(name);
      if (matching.length > 0) found.push({ name, parts: namesakes(part) });
      else if (hasParts(part)) visit(part.parts(), name);
    }
  };
  visit(block.parts(), "");
  const unused = patterns.find((pattern) => !used.has(pattern));
  if (unused !== undefined) {
    refuse(ValueError, operation, "pattern", "the name of a part", describeValue(unused), partsNear(unused, seen));
  }
  return found;
}

/** A part and those inside it that have its name. */
function namesakes(part: AnyBlock): AnyBlock[] {
  const inner = hasParts(part) ? part.parts()[""] : undefined;
  return inner === undefined || inner instanceof Variable || Array.isArray(inner) ? [part] : [part, ...namesakes(inner as AnyBlock)];
}

function refuseParameter(operation: string, name: string): never {
  const advice = "replace the block that contains it";
  return refuse(ValueError, operation, "pattern", "the name of a block", `the parameter "${name}"`, advice);
}

/** Constructs the blocks that contain a replaced part again. Each block is constructed once, so that shared parts stay shared. */
class Rebuild {
  readonly #results = new Map<unknown, unknown>();
  readonly #added = new Set<object>();
  readonly #shared: ReadonlySet<object>;

  /** @param shared the parts of the old block */
  constructor(shared: ReadonlySet<object>) {
    this.#shared = shared;
  }

  /** Whether there is a replacement of the part. */
  replace(part: AnyBlock, make: () => AnyBlock | undefined): boolean {
    if (this.#results.has(part)) return true;
    const made = make();
    if (made !== undefined) this.#set(part, made);
    return made !== undefined;
  }

  /** The value of a field with every replaced part substituted, or the value itself when it contains none. */
  resolve(value: unknown): unknown {
    if (this.#results.has(value)) return this.#results.get(value);
    if (Array.isArray(value)) return this.#list(value);
    return value instanceof Composite ? this.#block(value) : value;
  }

  #list(values: readonly unknown[]): readonly unknown[] {
    const results = values.map((value) => this.resolve(value));
    return results.some((result, index) => result !== values[index]) ? results : values;
  }

  #block(block: Composite): Composite {
    const fields = Object.entries(block).map(([name, value]) => [name, value, this.resolve(value)] as const);
    const changed = fields.filter(([, before, after]) => before !== after).map(([name, , after]) => [name, after]);
    const result = changed.length === 0 ? block : block.remake(Object.fromEntries(changed));
    if (result !== block) addedParts.set(result, this.#added);
    this.#set(block, result);
    return result;
  }

  #set(before: object, after: object): void {
    this.#results.set(before, after);
    if (!this.#shared.has(after)) this.#added.add(after);
  }
}
