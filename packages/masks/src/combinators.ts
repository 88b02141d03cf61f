import { refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { full, none } from "./atoms/constant.js";
import { forbiddersOf } from "./explain.js";
import type { Mask } from "./mask.js";
import { type AttentionRule, type BlockState, EMPTY, FULL, PARTIAL, type Rectangle, UNDECIDED } from "./attention-rule.js";
import { RuleMask, ruleOf } from "./rule-mask.js";
import { WeakTrie } from "./weak-trie.js";

/**
 * Allowed where every mask allows; without masks, everywhere. Biases of additive masks are added.
 * The same masks in the same order give the same object.
 *
 * @throws ShapeError when batch or heads differ (1 broadcasts); ValueError when an argument is not a Mask
 */
export function and(...masks: readonly Mask[]): Mask {
  return combine("and", masks);
}

/**
 * Allowed where any mask allows; without masks, nowhere. The same masks in the same order give the same object.
 *
 * @throws ShapeError as `and`; ValueError when an argument is not a Mask or is additive
 */
export function or(...masks: readonly Mask[]): Mask {
  return combine("or", masks);
}

/**
 * Allowed where the mask forbids.
 *
 * @throws ValueError when the argument is not a Mask or is additive
 */
export function not(mask: Mask): Mask {
  const part = ruleOf("not", "mask", mask);
  refuseAdditive("not", "mask", part);
  return new RuleMask(part.json.type === "not" ? part.parts![0]! : notRule(part));
}

function combine(type: "and" | "or", masks: readonly Mask[]): Mask {
  const rules = masks.map((mask, index) => ruleOf(type, `masks[${index}]`, mask));
  if (type === "or") rules.forEach((rule, index) => refuseAdditive(type, `masks[${index}]`, rule));
  const parts = rules.flatMap((rule) => (rule.json.type === type ? rule.parts! : [rule]));
  if (parts.length === 0) return type === "and" ? full() : none();
  return combined[type].get(parts, () => new RuleMask(parts.length === 1 ? parts[0]! : combinedRule(type, parts)));
}

/** Combined masks by their parts, so that a layer that combines its mask with the same padding in each call gets one mask. */
const combined: Readonly<Record<"and" | "or", WeakTrie<AttentionRule, Mask>>> = { and: new WeakTrie(), or: new WeakTrie() };

function combinedRule(type: "and" | "or", parts: readonly AttentionRule[]): AttentionRule {
  const every = type === "and";
  const decisive = every ? EMPTY : FULL;
  const additive = parts.filter((part) => part.addend !== undefined);
  const allows: AttentionRule["allows"] = (b, h, query, key) => {
    for (const part of parts) if (part.allows(b, h, query, key) !== every) return !every;
    return every;
  };
  return {
    parts,
    batch: common(type, "batch", parts),
    heads: common(type, "heads", parts),
    allows,
    classify: (b, h, rectangle) => classifyParts(parts, decisive, b, h, rectangle),
    fit: (operation, extent) => parts.forEach((part) => part.fit?.(operation, extent)),
    clause: (b, h, query, key) =>
      (every ? parts : parts.filter((part) => part.allows(b, h, query, key))).map((part) => part.clause(b, h, query, key)).join("; "),
    forbidders: (b, h, query, key) =>
      parts.filter((part) => !part.allows(b, h, query, key)).flatMap((part) => forbiddersOf(part, b, h, query, key)),
    json: { type, masks: parts.map((part) => part.json) },
    ...(additive.length > 0 && { addend: (b: number, h: number, query: number, key: number) => sum(additive, b, h, query, key) }),
  };
}

/** Three-valued logic: a decisive part decides, a single partial part among neutral ones is partial, otherwise it is undecided. */
function classifyParts(
  parts: readonly AttentionRule[],
  decisive: BlockState,
  batch: number,
  head: number,
  rectangle: Rectangle,
): BlockState {
  let open = 0;
  for (const part of parts) {
    const state = part.classify(batch, head, rectangle);
    if (state === decisive) return decisive;
    if (state === PARTIAL) open += 1;
    if (state === UNDECIDED) open += 2;
  }
  if (open === 0) return decisive === EMPTY ? FULL : EMPTY;
  return open === 1 ? PARTIAL : UNDECIDED;
}

function notRule(part: AttentionRule): AttentionRule {
  const opposite: readonly BlockState[] = [FULL, PARTIAL, EMPTY, UNDECIDED];
  return {
    parts: [part],
    batch: part.batch,
    heads: part.heads,
    allows: (b, h, query, key) => !part.allows(b, h, query, key),
    classify: (b, h, rectangle) => opposite[part.classify(b, h, rectangle)]!,
    fit: (operation, extent) => part.fit?.(operation, extent),
    clause: (b, h, query, key) => `not (${part.clause(b, h, query, key)})`,
    json: { type: "not", mask: part.json },
  };
}

function common(operation: string, axis: "batch" | "heads", parts: readonly AttentionRule[]): number {
  const size = Math.max(...parts.map((part) => part[axis]));
  const wrong = parts.findIndex((part) => part[axis] !== 1 && part[axis] !== size);
  if (wrong < 0) return size;
  return refuse(ShapeError, operation, `masks[${wrong}].${axis}`, `1 or ${size}, as another mask has`, parts[wrong]![axis]);
}

function refuseAdditive(operation: string, argument: string, rule: AttentionRule): void {
  if (rule.addend) {
    refuse(ValueError, operation, argument, "a mask without a bias", "an additive mask", "combine additive masks with and only");
  }
}

function sum(parts: readonly AttentionRule[], batch: number, head: number, query: number, key: number): number {
  return parts.reduce((total, part) => total + part.addend!(batch, head, query, key), 0);
}
