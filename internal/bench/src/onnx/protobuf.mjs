// As much of the protobuf encoding as an ONNX model needs: varints, floats and length-delimited fields.

export const integerField = (number, value) => [...varint(number << 3), ...varint(value)];
export const floatField = (number, value) => [...varint((number << 3) | 5), ...new Uint8Array(Float32Array.of(value).buffer)];
/** What stands before so many bytes of a field that is written elsewhere. */
export const lengthOf = (number, length) => [...varint((number << 3) | 2), ...varint(length)];
export const bytesField = (number, bytes) => [...lengthOf(number, bytes.length), ...bytes];
export const textField = (number, text) => bytesField(number, new TextEncoder().encode(text));

function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
