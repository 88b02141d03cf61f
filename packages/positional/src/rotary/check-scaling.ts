import { checkNumber, checkUnknown, describeValue, isFiniteFloat, isPositive, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { RotaryScaling } from "./rotary-scaling.js";

/** Checks one field of a scaling: its operation, its name in messages and its value. */
export type FieldCheck = (operation: string, argument: string, value: unknown) => void;

/** A finite number > 0. */
export const positive: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number > 0", value, isPositive);

/** A finite number >= 0. */
export const notNegative: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number >= 0", value, (each) => isFiniteFloat(each) && each >= 0);

/** A finite number >= 1. */
export const atLeastOne: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number >= 1", value, (each) => isFiniteFloat(each) && each >= 1);

/** A finite number > 1: its logarithm divides. */
export const overOne: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number > 1", value, (each) => isFiniteFloat(each) && each > 1);

/** true or false. */
export const boolean: FieldCheck = (operation, argument, value) => {
  if (typeof value !== "boolean") refuse(ValueError, operation, argument, "true or false", describeValue(value));
};

/** One finite number > 0 for each pair. */
export function positiveList(pairs: number): FieldCheck {
  return (operation, argument, value) => {
    if (!Array.isArray(value) || value.length !== pairs) {
      refuse(ValueError, operation, argument, `an array of rotaryDim / 2 = ${pairs} numbers`, describeValue(value));
    }
    for (const each of value as unknown[]) positive(operation, argument, each);
  };
}

/** The field may be absent. */
export function optional(check: FieldCheck): FieldCheck {
  return (operation, argument, value) => {
    if (value !== undefined) check(operation, argument, value);
  };
}

/**
 * Checks every field of a scaling and refuses the others.
 *
 * @throws ValueError that names the field, as `scaling.factor`
 */
export function checkFields<Scaling extends RotaryScaling>(
  operation: string,
  scaling: Scaling,
  fields: Readonly<Record<Exclude<keyof Scaling, "type">, FieldCheck>>,
): void {
  const known = Object.entries<FieldCheck>(fields);
  const unknown = Object.entries(scaling).filter(([name]) => name !== "type" && !Object.hasOwn(fields, name));
  checkUnknown(operation, "scaling", Object.fromEntries(unknown));
  for (const [name, check] of known) check(operation, `scaling.${name}`, scaling[name as keyof Scaling]);
}
