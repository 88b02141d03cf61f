import { checkNumber, checkOptions, checkPositive, describeValue, isFiniteFloat, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { RotaryScaling } from "./rotary-scaling.js";

/** Checks one field of a scaling. */
export type FieldCheck = (operation: string, argument: string, value: unknown) => void;

/** A finite number > 0. */
export const positive: FieldCheck = checkPositive;

/** A finite number >= 0. */
export const notNegative: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number >= 0", value, (each) => isFiniteFloat(each) && each >= 0);

/** A finite number >= 1. */
export const atLeastOne: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number >= 1", value, (each) => isFiniteFloat(each) && each >= 1);

/** A finite number > 1, so that its logarithm is > 0. */
export const aboveOne: FieldCheck = (operation, argument, value) =>
  checkNumber(operation, argument, "a finite float32 number > 1", value, (each) => isFiniteFloat(each) && each > 1);

/** true or false. */
export const boolean: FieldCheck = (operation, argument, value) => {
  if (typeof value !== "boolean") refuse(ValueError, operation, argument, "true or false", describeValue(value));
};

/** An array with one finite number > 0 for each pair of dimensions. */
export function positiveList(pairs: number): FieldCheck {
  return (operation, argument, value) => {
    if (!Array.isArray(value) || value.length !== pairs) {
      refuse(ValueError, operation, argument, `an array of rotaryDim / 2 = ${pairs} numbers`, describeValue(value));
    }
    for (const each of value as unknown[]) positive(operation, argument, each);
  };
}

/** A field that may be absent. */
export function optional(check: FieldCheck): FieldCheck {
  return (operation, argument, value) => {
    if (value !== undefined) check(operation, argument, value);
  };
}

/**
 * Checks every field of a scaling and rejects unknown fields.
 *
 * @throws ValueError that names the field, for example `scaling.factor`
 */
export function checkFields<Scaling extends RotaryScaling>(
  operation: string,
  scaling: Scaling,
  fields: Readonly<Record<Exclude<keyof Scaling, "type">, FieldCheck>>,
): void {
  checkOptions<object>(operation, scaling, { type: true, ...fields }, "scaling option");
  for (const [name, check] of Object.entries<FieldCheck>(fields)) check(operation, `scaling.${name}`, scaling[name as keyof Scaling]);
}
