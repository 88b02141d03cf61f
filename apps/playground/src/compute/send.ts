import { transfer } from "comlink";
import type { Outcome } from "./outcome.js";

/** An outcome whose arrays cross to the page without a copy. */
export function send<Result>(outcome: Outcome<Result>): Outcome<Result> {
  return transfer(outcome, buffersIn(outcome));
}

/** Every buffer that typed arrays within plain data lie on, each once. */
export function buffersIn(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  look(data);
  return [...found];
}
