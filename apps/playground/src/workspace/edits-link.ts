import type { EditSpec } from "../reading/edit-spec.js";
import type { MaskSpec } from "../reading/mask-spec.js";

type Check<Value> = (value: unknown) => value is Value;

const maxEdits = 64;
const maxListed = 1024;
const maxText = 100_000;
const maxNumber = 1e6;

const isText: Check<string> = (value): value is string => typeof value === "string" && value.length <= maxText;
const isPart: Check<string> = (value): value is string => typeof value === "string" && /^[\w.]{1,120}$/.test(value);
const isFlag: Check<boolean> = (value) => typeof value === "boolean";
const isNumber: Check<number> = (value): value is number => typeof value === "number" && Math.abs(value) <= maxNumber;
const isCount: Check<number> = (value): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxNumber;

function isListOf<Value>(check: Check<Value>, max: number): Check<Value[]> {
  return (value): value is Value[] => Array.isArray(value) && value.length <= max && value.every(check);
}

function isOneOf<const Value>(...values: readonly Value[]): Check<Value> {
  return (value): value is Value => values.includes(value as Value);
}

/** Whether a value is an object of these fields, and has no others. */
function isObject<Shape extends object>(
  fields: { readonly [Name in keyof Shape]-?: Check<NonNullable<Shape[Name]>> },
  optional: readonly (keyof Shape)[] = [],
): Check<Shape> {
  const names = Object.keys(fields) as (keyof Shape & string)[];
  return (value): value is Shape => {
    if (typeof value !== "object" || value === null) return false;
    const given = value as Shape;
    const isKnown = Object.keys(value).every((name) => Object.hasOwn(fields, name));
    return isKnown && names.every((name) => (Object.hasOwn(value, name) ? fields[name](given[name]) : optional.includes(name)));
  };
}

type Kind<Name> = Extract<EditSpec, { kind: Name }>;

const isHeads = isListOf(isCount, maxListed);
const isWindow = isObject<NonNullable<MaskSpec["window"]>>({ before: isCount, after: isCount });
const isMask = isObject<MaskSpec>({
  causal: isFlag,
  prefix: isCount,
  window: (value): value is NonNullable<MaskSpec["window"]> => value === null || isWindow(value),
  padding: isCount,
  documents: isListOf(isCount, maxListed),
});

const checks: { readonly [Name in EditSpec["kind"]]: Check<Kind<Name>> } = {
  ablate: isObject<Kind<"ablate">>({ kind: isOneOf("ablate"), part: isPart, heads: isHeads, by: isOneOf("zero", "mean") }),
  scale: isObject<Kind<"scale">>({ kind: isOneOf("scale"), part: isPart, heads: isHeads, factor: isNumber }),
  patch: isObject<Kind<"patch">>({ kind: isOneOf("patch"), part: isPart, heads: isHeads, positions: isHeads, from: isText }, [
    "heads",
    "positions",
  ]),
  steer: isObject<Kind<"steer">>({ kind: isOneOf("steer"), part: isPart, toward: isText, away: isText, strength: isNumber }),
  freeze: isObject<Kind<"freeze">>({ kind: isOneOf("freeze"), part: isPart, from: isText }),
  mask: isObject<Kind<"mask">>({ kind: isOneOf("mask"), mask: isMask }),
};

const isEdit: Check<EditSpec> = (value): value is EditSpec => Object.values(checks).some((check: Check<EditSpec>) => check(value));
const isEdits = isListOf(isEdit, maxEdits);

/** The edits of a link; undefined if one of them is not an edit. */
export function readEdits(text: string): readonly EditSpec[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEdits(value) ? value : undefined;
  } catch {
    return undefined; // not JSON
  }
}

/** Edits as a parameter of a link. */
export function writeEdits(edits: readonly EditSpec[]): string {
  return JSON.stringify(edits);
}
