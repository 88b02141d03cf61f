import { transfer } from "comlink";

/** Marks data so that its arrays are transferred to the page without a copy. */
export function transferArrays<Data extends object>(data: Data): Data {
  return transfer(data, buffersIn(data));
}

/** The buffers of all typed arrays in plain data, each once. */
export function buffersIn(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(data);
  return [...found];
}
