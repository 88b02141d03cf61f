import { transfer } from "comlink";

/** Data whose arrays cross to the page without a copy. */
export function send<Data extends object>(data: Data): Data {
  return transfer(data, buffersIn(data));
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
