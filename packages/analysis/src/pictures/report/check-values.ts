import { checkObject, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkString } from "../../checks.js";
import type { ReportMetric } from "./report.js";

/** @throws ValueError when the value is not an array of objects */
export function checkObjects<Item extends object>(operation: string, place: string, list: readonly Item[]): readonly Item[] {
  checkArray(operation, place, list).forEach((item, index) => checkObject(operation, `${place}[${index}]`, item));
  return list;
}

/** @throws ValueError when the value is not an array */
export function checkArray<Item>(operation: string, place: string, list: readonly Item[]): readonly Item[] {
  return Array.isArray(list) ? list : refuse(ValueError, operation, place, "an array", describeValue(list));
}

/** @throws ValueError when one is neither a finite number nor null */
export function checkNumbers(operation: string, place: string, numbers: readonly unknown[]): void {
  for (const value of numbers) {
    if (value !== null && !Number.isFinite(value)) {
      refuse(ValueError, operation, place, "finite numbers, or null where undefined", describeValue(value));
    }
  }
}

/** @throws ValueError when a metric has no name, or a score that is neither a finite number nor null */
export function checkMetrics(operation: string, place: string, metrics: readonly ReportMetric[]): void {
  for (const { name, score, nullScore, lift } of checkObjects(operation, place, metrics)) {
    checkString(operation, `${place} name`, name);
    checkNumbers(operation, `${place}.${name}`, [score, nullScore, lift]);
  }
}
