import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";
import { refuse } from "./refuse.js";

/** @throws ValueError when the value, options or a config, is no object */
export function checkObject<Options extends object>(operation: string, argument: string, value: Options): Options {
  if (typeof value === "object" && value !== null) return value;
  return refuse(ValueError, operation, argument, "an object", describeValue(value));
}

/**
 * Refuses what is left of options once the known ones are taken: a misspelt option must not be no option.
 *
 * @throws ValueError that names them
 */
export function checkUnknown(operation: string, argument: string, unknown: object, advice = "see its type for the known ones"): void {
  const names = Object.keys(unknown);
  if (names.length > 0) refuse(ValueError, operation, argument, "without unknown names", names.join(", "), advice);
}
