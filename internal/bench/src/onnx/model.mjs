import { bytesField, floatField, integerField, lengthOf, textField } from "./protobuf.mjs";

const elementTypes = { float32: 1, int32: 6 };
const attributeTypes = { float: 1, integer: 2 };
const opsets = { "": 20, "com.microsoft": 1 };

/**
 * An ONNX model as bytes. Field numbers are those of onnx.proto3.
 *
 * @param nodes `{ op, domain?, inputs, outputs, attributes? }`; "" is an absent input; an attribute that is a whole
 *   number is an integer unless it is given as `{ float }`
 * @param inputs name -> shape, or `{ shape, type }` with another type than float32
 * @param outputs name -> shape
 * @param weights name -> `{ shape, data }`, float32
 */
export function onnxModel({ nodes, inputs, outputs, weights = {} }) {
  const graph = [
    [
      ...nodes.flatMap((node) => bytesField(1, nodeProto(node))),
      ...textField(2, "bench"),
      ...Object.entries(inputs).flatMap(([name, input]) => bytesField(11, valueInfo(name, input))),
      ...Object.entries(outputs).flatMap(([name, shape]) => bytesField(12, valueInfo(name, shape))),
    ],
    ...Object.entries(weights).flatMap(([name, weight]) => weightField(name, weight)),
  ];
  const opsetImports = Object.entries(opsets).flatMap(([domain, version]) =>
    bytesField(8, [...textField(1, domain), ...integerField(2, version)]),
  );
  return joined([[...integerField(1, 9), ...lengthOf(7, lengthIn(graph))], ...graph, opsetImports]);
}

/** A weight as pieces of bytes, of which the last are the numbers. */
function weightField(name, { shape, data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const dimensions = shape.flatMap((length) => integerField(1, length));
  const before = [...dimensions, ...integerField(2, elementTypes.float32), ...textField(8, name), ...lengthOf(9, bytes.length)];
  return [[...lengthOf(5, before.length + bytes.length), ...before], bytes];
}

const lengthIn = (pieces) => pieces.reduce((total, { length }) => total + length, 0);

function joined(pieces) {
  const bytes = new Uint8Array(lengthIn(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function nodeProto({ op, domain = "", inputs, outputs, attributes = {} }) {
  return [
    ...inputs.flatMap((name) => textField(1, name)),
    ...outputs.flatMap((name) => textField(2, name)),
    ...textField(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => bytesField(5, attributeProto(name, value))),
    ...textField(7, domain),
  ];
}

function attributeProto(name, value) {
  const isFloat = typeof value === "object";
  const field = isFloat ? floatField(2, value.float) : integerField(3, value);
  return [...textField(1, name), ...field, ...integerField(20, isFloat ? attributeTypes.float : attributeTypes.integer)];
}

function valueInfo(name, input) {
  const { shape, type } = Array.isArray(input) ? { shape: input, type: "float32" } : input;
  const dimensions = shape.flatMap((length) => bytesField(1, integerField(1, length)));
  const tensorType = [...integerField(1, elementTypes[type]), ...bytesField(2, dimensions)];
  return [...textField(1, name), ...bytesField(2, bytesField(1, tensorType))];
}
