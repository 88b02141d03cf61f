import { type Composite, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** @throws ValueError when the value is not a function */
export function checkFunction(operation: string, argument: string, value: unknown, expected = "a function"): void {
  if (typeof value !== "function") refuse(ValueError, operation, argument, expected, describeValue(value));
}

/** @throws ValueError when the value is not a block with parts */
export function checkModel(operation: string, model: unknown): void {
  if (typeof (model as Partial<Composite> | null | undefined)?.parts === "function") return;
  refuse(ValueError, operation, "model", "a model, or a block with parts", describeValue(model));
}

/** @throws ValueError when the value is not a string */
export function checkString(operation: string, argument: string, value: unknown): void {
  if (typeof value !== "string") refuse(ValueError, operation, argument, "a string", describeValue(value));
}

/** @throws ValueError when the value is not a list for each sequence of a batch, for example the list of one sequence */
export function checkSequences(operation: string, argument: string, lists: unknown, items = "token ids", one = "ids"): void {
  if (Array.isArray(lists) && lists.every(isSequence)) return;
  refuse(ValueError, operation, argument, `a list of ${items} for each sequence`, describeValue(lists), `pass [${one}] for one sequence`);
}

function isSequence(list: unknown): boolean {
  return typeof list === "object" && list !== null && "length" in list && typeof list.length === "number";
}
