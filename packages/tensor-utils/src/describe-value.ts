import { Tensor } from "@tensorflow/tfjs-core";

/** Describes a value for an error message: a tensor by dtype and shape, anything else by its type or a short literal. */
export function describeValue(value: unknown): string {
  if (value instanceof Tensor) return value.isDisposed ? "a disposed tensor" : `${value.dtype} [${value.shape.join(", ")}]`;
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (ArrayBuffer.isView(value) && "length" in value) return `${typedArrayName(value)} of length ${String(value.length)}`;
  return typeof value === "object" ? "an object" : typeof value;
}

function typedArrayName(array: ArrayBufferView): string {
  const name = array.constructor.name;
  return `${/^[IU]/.test(name) ? "an" : "a"} ${name}`;
}
