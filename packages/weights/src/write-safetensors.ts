import { bytesOf, planSafetensors, type WriteOptions, type WrittenState } from "./plan-safetensors.js";

/**
 * Encodes a state dict as the bytes of a safetensors file, laid out as by Python's writer.
 *
 * float32 becomes F32 or the given `dtype`, int32 becomes I32 and bool BOOL; a {@link StoredTensor} has its own dtype. In Node.js `writeSafetensorsFile` of
 * `@tfblocks/weights/node` writes one tensor at a time.
 *
 * @param state borrowed; on a graphics processor the call waits for its data
 * @throws ValueError when an option is unknown or a name cannot be written
 * @throws DTypeError, DisposedError when an entry is not a live tensor of these types
 */
export function writeSafetensors(state: WrittenState, options: WriteOptions = {}): Uint8Array {
  const { size, head, entries } = planSafetensors("writeSafetensors", state, options);
  const file = new Uint8Array(size);
  file.set(head);
  let at = head.length;
  for (const entry of entries) {
    const bytes = bytesOf("writeSafetensors", entry);
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}
